-- Only adds: a process of the release before keeps working on this schema.

CREATE TABLE app.publications (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid,
    kind text NOT NULL,
    number integer NOT NULL,
    hash text NOT NULL,
    state text NOT NULL,
    serial bigint NOT NULL,
    packs jsonb NOT NULL DEFAULT '{}',
    weakened jsonb NOT NULL DEFAULT '[]',
    gate jsonb,
    trouble jsonb NOT NULL DEFAULT '{}',
    reason text,
    by text NOT NULL,
    created_at timestamptz NOT NULL,
    shadow_at timestamptz,
    enforced_at timestamptz,
    enforced_by text,
    retired_at timestamptz,
    rolled_back boolean NOT NULL DEFAULT false,
    CONSTRAINT publications_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT publications_merchant_fkey FOREIGN KEY (merchant) REFERENCES app.merchants (id),
    CONSTRAINT publications_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT publications_merchant_number_key UNIQUE (merchant, number),
    CONSTRAINT publications_kind_check CHECK (kind IN ('rules', 'playbooks')),
    CONSTRAINT publications_state_check CHECK (state IN ('draft', 'shadow', 'enforce', 'retired'))
);
-- One version of a kind decides for a merchant or a shop, and at most one watches beside it.
CREATE UNIQUE INDEX publications_enforced_key ON app.publications (merchant, shop, kind) NULLS NOT DISTINCT
    WHERE state = 'enforce';
CREATE UNIQUE INDEX publications_shadow_key ON app.publications (merchant, shop, kind) NULLS NOT DISTINCT
    WHERE state = 'shadow';
ALTER TABLE app.publications ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.publications
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.published_files (
    merchant uuid NOT NULL,
    publication uuid NOT NULL,
    path text NOT NULL,
    text text NOT NULL,
    CONSTRAINT published_files_pkey PRIMARY KEY (merchant, publication, path),
    CONSTRAINT published_files_merchant_publication_fkey
        FOREIGN KEY (merchant, publication) REFERENCES app.publications (merchant, id)
);
ALTER TABLE app.published_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.published_files
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
-- What was published stays what it was: a version that can be changed cannot be gone back to.
REVOKE UPDATE, DELETE ON app.published_files FROM copilot_app;

CREATE TABLE app.shadow_counts (
    merchant uuid NOT NULL,
    publication uuid NOT NULL,
    shop uuid NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL,
    change text NOT NULL,
    number bigint NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT shadow_counts_pkey PRIMARY KEY (merchant, publication, shop, rule, severity, change),
    CONSTRAINT shadow_counts_merchant_publication_fkey
        FOREIGN KEY (merchant, publication) REFERENCES app.publications (merchant, id),
    CONSTRAINT shadow_counts_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT shadow_counts_change_check CHECK (change IN ('judged', 'same', 'caught', 'released', 'changed'))
);
ALTER TABLE app.shadow_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.shadow_counts
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

-- A process that serves all merchants learns here whose versions changed, and nothing about them.
CREATE FUNCTION app.publication_heads() RETURNS TABLE (merchant uuid, serial bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    SELECT p.merchant, max(p.serial) FROM app.publications p GROUP BY p.merchant;
END;
REVOKE ALL ON FUNCTION app.publication_heads() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.publication_heads() TO copilot_app;
