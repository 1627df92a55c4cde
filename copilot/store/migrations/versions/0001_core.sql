-- Schema app as release 0.1 knows it. Runs as copilot_owner; the schemas and default privileges are there already.
-- Every reference between tables of a merchant carries the merchant, because foreign keys bypass row-level security.

CREATE TABLE app.merchants (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT merchants_pkey PRIMARY KEY (id),
    CONSTRAINT merchants_slug_key UNIQUE (slug)
);

CREATE TABLE app.timers (
    id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    merchant uuid,
    kind text NOT NULL,
    ref text NOT NULL,
    attempt integer NOT NULL,
    lock text,
    priority integer NOT NULL,
    CONSTRAINT timers_pkey PRIMARY KEY (id),
    CONSTRAINT timers_kind_ref_key UNIQUE (kind, ref)
);
CREATE INDEX timers_due_at_idx ON app.timers (due_at);

CREATE TABLE app.versions (
    part text NOT NULL,
    version text NOT NULL,
    CONSTRAINT versions_pkey PRIMARY KEY (part)
);

CREATE TABLE app.shops (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    name text NOT NULL,
    platform text NOT NULL,
    market text NOT NULL,
    platform_shop_id text NOT NULL,
    adapter text NOT NULL,
    zone text NOT NULL,
    pack text NOT NULL,
    profile text NOT NULL,
    posture text NOT NULL,
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT shops_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT shops_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT shops_merchant_slug_key UNIQUE (merchant, slug),
    CONSTRAINT shops_merchant_adapter_platform_shop_id_key UNIQUE (merchant, adapter, platform_shop_id)
);

CREATE TABLE app.buyers (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    platform_buyer_id text NOT NULL,
    nickname text,
    tags jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    CONSTRAINT buyers_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT buyers_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT buyers_merchant_shop_platform_buyer_id_key UNIQUE (merchant, shop, platform_buyer_id)
);
CREATE INDEX buyers_expires_at_idx ON app.buyers (expires_at);

CREATE TABLE app.directory (
    kind text NOT NULL,
    key text NOT NULL,
    merchant uuid NOT NULL,
    shop uuid,
    CONSTRAINT directory_pkey PRIMARY KEY (kind, key),
    CONSTRAINT directory_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT directory_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id)
);
CREATE INDEX directory_merchant_idx ON app.directory (merchant);

CREATE TABLE app.events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    merchant uuid NOT NULL,
    shop uuid,
    topic text NOT NULL,
    ref text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT events_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id)
);
CREATE INDEX events_at_idx ON app.events (at);
CREATE INDEX events_merchant_xid_id_idx ON app.events (merchant, xid, id);

CREATE TABLE app.conversations (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    buyer uuid,
    platform_conversation_id text NOT NULL,
    entered_from_order text,
    posture text,
    language text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT conversations_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT conversations_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT conversations_merchant_buyer_fkey FOREIGN KEY (merchant, buyer) REFERENCES app.buyers (merchant, id),
    CONSTRAINT conversations_merchant_shop_platform_conversation_id_key UNIQUE (merchant, shop, platform_conversation_id)
);
CREATE INDEX conversations_merchant_buyer_idx ON app.conversations (merchant, buyer);
CREATE INDEX conversations_merchant_updated_at_idx ON app.conversations (merchant, updated_at);

CREATE TABLE app.cases (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    state text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT cases_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT cases_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id)
);
CREATE INDEX cases_merchant_conversation_position_idx ON app.cases (merchant, conversation, position);

CREATE TABLE app.drafts (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    reason text,
    language text,
    text text,
    text_hash text,
    flow_version text NOT NULL,
    burst jsonb NOT NULL,
    view jsonb,
    composed jsonb,
    deadline_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT drafts_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT drafts_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT drafts_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id)
);
CREATE INDEX drafts_merchant_conversation_created_at_idx ON app.drafts (merchant, conversation, created_at);
CREATE INDEX drafts_merchant_state_deadline_at_idx ON app.drafts (merchant, state, deadline_at);

CREATE TABLE app.messages (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    platform_message_id text NOT NULL,
    role text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    order_id text,
    product_id text,
    agent text,
    sent_by text,
    draft jsonb,
    sent_at timestamptz,
    received_at timestamptz NOT NULL,
    recalled_at timestamptz,
    expires_at timestamptz,
    CONSTRAINT messages_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT messages_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT messages_merchant_conversation_platform_message_id_key UNIQUE (merchant, conversation, platform_message_id)
);
CREATE INDEX messages_expires_at_idx ON app.messages (expires_at);
CREATE INDEX messages_merchant_conversation_position_idx ON app.messages (merchant, conversation, position);

CREATE TABLE app.outbox (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    source_kind text NOT NULL,
    source_id uuid NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    platform_message_id text,
    error text,
    attempted_at timestamptz,
    sent_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT outbox_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT outbox_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT outbox_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT outbox_merchant_source_kind_source_id_key UNIQUE (merchant, source_kind, source_id),
    CONSTRAINT outbox_merchant_conversation_platform_message_id_key UNIQUE (merchant, conversation, platform_message_id),
    CONSTRAINT outbox_source_kind_check CHECK (source_kind IN ('draft', 'typed', 'auto', 'greeting', 'follow_up'))
);
CREATE INDEX outbox_merchant_conversation_position_idx ON app.outbox (merchant, conversation, position);
CREATE INDEX outbox_merchant_state_idx ON app.outbox (merchant, state);

CREATE TABLE app.commitments (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation uuid NOT NULL,
    case_id uuid,
    draft uuid,
    platform_message_id text,
    order_id text,
    what text NOT NULL,
    amount jsonb,
    due timestamptz,
    by text,
    state text NOT NULL,
    evidence text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT commitments_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT commitments_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT commitments_merchant_case_id_fkey FOREIGN KEY (merchant, case_id) REFERENCES app.cases (merchant, id),
    CONSTRAINT commitments_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id)
);
CREATE INDEX commitments_merchant_conversation_idx ON app.commitments (merchant, conversation);
CREATE INDEX commitments_merchant_state_due_idx ON app.commitments (merchant, state, due);

CREATE TABLE app.decisions (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    draft uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL,
    text_hash text NOT NULL,
    by text NOT NULL,
    rejection jsonb,
    at timestamptz NOT NULL,
    CONSTRAINT decisions_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT decisions_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT decisions_kind_check CHECK (kind IN ('accept', 'edit', 'reject', 'ignore'))
);
CREATE INDEX decisions_merchant_draft_idx ON app.decisions (merchant, draft);

-- Row-level security: ENABLE, not FORCE, so that later migrations see every row. A setting that was used once in a
-- session reads as '' afterwards, hence nullif; without a merchant nothing is visible and nothing fails.

ALTER TABLE app.merchants ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.merchants
    USING (id = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (id = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.shops ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.shops
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.buyers ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.buyers
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.conversations
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.messages
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.cases
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.drafts
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.decisions ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.decisions
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.outbox
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.commitments ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.commitments
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.events
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

-- Events are kept for a while and then removed for all merchants at once, which no merchant's session could do.
CREATE FUNCTION app.prune_events(before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    WITH gone AS (DELETE FROM app.events WHERE at < before RETURNING 1) SELECT count(*) FROM gone;
END;
REVOKE ALL ON FUNCTION app.prune_events(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.prune_events(timestamptz) TO copilot_app;

REVOKE INSERT, UPDATE, DELETE ON app.versions FROM copilot_app;
