-- Only adds: a process of release 0.1 keeps working on this schema, so every new column has a default or may be null.

ALTER TABLE app.buyers ADD COLUMN order_key text;
ALTER TABLE app.conversations ADD COLUMN looked_up_at timestamptz;
ALTER TABLE app.messages
    ADD COLUMN sequence bigint,
    ADD COLUMN visible boolean NOT NULL DEFAULT true,
    ADD COLUMN media jsonb,
    ADD COLUMN trace text;
ALTER TABLE app.drafts
    ADD COLUMN candidates jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN trace text;
ALTER TABLE app.outbox
    ADD COLUMN trace text,
    ADD COLUMN by text,
    ADD COLUMN owes jsonb;

CREATE TABLE app.people (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    login text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    language text NOT NULL,
    password_hash text NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT people_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT people_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT people_merchant_login_key UNIQUE (merchant, login),
    CONSTRAINT people_role_check CHECK (role IN ('owner', 'general_admin', 'supervisor', 'agent', 'qa'))
);

CREATE TABLE app.sessions (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    person uuid NOT NULL,
    secret_hash text NOT NULL,
    csrf text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT sessions_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id),
    CONSTRAINT sessions_merchant_secret_hash_key UNIQUE (merchant, secret_hash)
);
CREATE INDEX sessions_expires_at_idx ON app.sessions (expires_at);

CREATE TABLE app.tokens (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    role text NOT NULL,
    secret_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT tokens_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT tokens_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT tokens_merchant_name_key UNIQUE (merchant, name),
    CONSTRAINT tokens_role_check CHECK (role IN ('agent', 'qa', 'adapter'))
);

-- Wrong logins, counted under a hash of the name or of the address; no merchant is known at that point.
CREATE TABLE app.login_attempts (
    key text NOT NULL,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT login_attempts_pkey PRIMARY KEY (key)
);
CREATE INDEX login_attempts_last_at_idx ON app.login_attempts (last_at);

CREATE TABLE app.audit (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL,
    by text NOT NULL,
    action text NOT NULL,
    object text,
    detail jsonb,
    CONSTRAINT audit_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT audit_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id)
);
CREATE INDEX audit_merchant_at_idx ON app.audit (merchant, at);

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END;
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON app.audit
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON app.audit
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

-- What the adapter needs to act for a shop, encrypted by the application; "revision" guards refreshes of tokens.
CREATE TABLE app.credentials (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    sealed bytea NOT NULL,
    revision integer NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT credentials_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT credentials_merchant_shop_key UNIQUE (merchant, shop)
);

-- Orders as the platform last told them; "buyer_key" is what the platform's orders know the buyer by, "changed_at" when
-- the platform last said that the order moved: the body is good while it was read after that.
CREATE TABLE app.orders (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    platform_order_id text NOT NULL,
    buyer_key text,
    body jsonb NOT NULL,
    fetched_at timestamptz NOT NULL,
    changed_at timestamptz,
    expires_at timestamptz,
    CONSTRAINT orders_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT orders_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT orders_merchant_shop_platform_order_id_key UNIQUE (merchant, shop, platform_order_id)
);
CREATE INDEX orders_expires_at_idx ON app.orders (expires_at);
CREATE INDEX orders_merchant_shop_buyer_key_idx ON app.orders (merchant, shop, buyer_key);

-- Until when a shop's calls pause because the platform asked for it; shared by all workers.
CREATE TABLE app.pauses (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT pauses_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT pauses_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT pauses_merchant_shop_key UNIQUE (merchant, shop)
);

-- What was taken from a platform and could not be used; "sealed" is the delivery, encrypted by the application.
CREATE TABLE app.dead_letters (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    adapter text NOT NULL,
    delivery text NOT NULL,
    error text NOT NULL,
    sealed bytea NOT NULL,
    at timestamptz NOT NULL,
    settled_at timestamptz,
    expires_at timestamptz,
    CONSTRAINT dead_letters_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT dead_letters_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT dead_letters_merchant_shop_delivery_key UNIQUE (merchant, shop, delivery)
);
CREATE INDEX dead_letters_expires_at_idx ON app.dead_letters (expires_at);

-- How long each step of a draft or reply took; ids, names and hashes only.
CREATE TABLE app.spans (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    trace text NOT NULL,
    draft uuid,
    name text NOT NULL,
    at timestamptz NOT NULL,
    seconds double precision NOT NULL,
    detail jsonb NOT NULL,
    CONSTRAINT spans_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT spans_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id)
);
CREATE INDEX spans_at_idx ON app.spans (at);
CREATE INDEX spans_merchant_draft_idx ON app.spans (merchant, draft);
CREATE INDEX spans_merchant_trace_idx ON app.spans (merchant, trace);

CREATE INDEX outbox_waiting_idx ON app.outbox (state)
    WHERE state IN ('queued', 'sending', 'unconfirmed', 'held');
CREATE INDEX drafts_waiting_idx ON app.drafts (state)
    WHERE state IN ('writing', 'proposed', 'approved', 'sending');

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'sessions', 'tokens', 'audit', 'credentials', 'orders', 'pauses',
                                'dead_letters', 'spans'] LOOP
        EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$CREATE POLICY of_merchant ON app.%I
            USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
            WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid)$policy$, name);
    END LOOP;
END;
$$;

REVOKE UPDATE, DELETE ON app.audit FROM copilot_app;

-- Removed for all merchants at once, which no merchant's session could do.
CREATE FUNCTION app.prune_spans(before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    WITH gone AS (DELETE FROM app.spans WHERE at < before RETURNING 1) SELECT count(*) FROM gone;
END;
CREATE FUNCTION app.prune_expired(now timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    WITH s AS (DELETE FROM app.sessions WHERE expires_at < now RETURNING merchant, secret_hash),
         d AS (DELETE FROM app.directory USING s WHERE kind = 'session' AND key = s.secret_hash),
         l AS (DELETE FROM app.dead_letters WHERE expires_at < now RETURNING 1),
         o AS (DELETE FROM app.orders WHERE expires_at < now RETURNING 1)
    SELECT (SELECT count(*) FROM s) + (SELECT count(*) FROM l) + (SELECT count(*) FROM o);
END;
-- How many rows wait over all merchants: numbers for an operator, no merchant's data. Ended ones are not counted here:
-- there are millions of them.
CREATE FUNCTION app.tallies() RETURNS TABLE (what text, state text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    SELECT 'outbox', o.state, count(*) FROM app.outbox o
        WHERE o.state IN ('queued', 'sending', 'unconfirmed', 'held') GROUP BY o.state
    UNION ALL SELECT 'draft', d.state, count(*) FROM app.drafts d
        WHERE d.state IN ('writing', 'proposed', 'approved', 'sending') GROUP BY d.state
    UNION ALL SELECT 'dead_letter', 'open', count(*) FROM app.dead_letters l WHERE l.settled_at IS NULL;
END;
REVOKE ALL ON FUNCTION app.prune_spans(timestamptz), app.prune_expired(timestamptz), app.tallies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.prune_spans(timestamptz), app.prune_expired(timestamptz), app.tallies() TO copilot_app;
