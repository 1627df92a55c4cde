-- Only adds: a process of the release before keeps working on this schema. Run step by step (store/gentle.py).

-- step
ALTER TABLE app.conversations ADD COLUMN IF NOT EXISTS rated_at timestamptz;

-- step
ALTER TABLE app.drafts ADD COLUMN IF NOT EXISTS shown_at timestamptz;

-- step
CREATE INDEX CONCURRENTLY IF NOT EXISTS drafts_merchant_shop_created_at_idx ON app.drafts (merchant, shop, created_at);

-- step
ALTER TABLE app.decisions
    ADD COLUMN IF NOT EXISTS edit_class text,
    ADD COLUMN IF NOT EXISTS waited_ms integer,
    DROP CONSTRAINT IF EXISTS decisions_edit_class_check;

-- step
ALTER TABLE app.decisions ADD CONSTRAINT decisions_edit_class_check
    CHECK (edit_class IN ('verbatim', 'surface', 'substance')) NOT VALID;

-- step
ALTER TABLE app.decisions VALIDATE CONSTRAINT decisions_edit_class_check;

-- step
ALTER TABLE app.outbox ADD COLUMN IF NOT EXISTS corrects uuid;

-- step
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_merchant_corrects_idx ON app.outbox (merchant, corrects)
    WHERE corrects IS NOT NULL;

-- step
CREATE TABLE IF NOT EXISTS app.sights (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    draft uuid NOT NULL,
    revision integer NOT NULL,
    text_hash text NOT NULL,
    by text NOT NULL,
    typed boolean NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT sights_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT sights_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT sights_merchant_draft_revision_text_hash_by_key UNIQUE (merchant, draft, revision, text_hash, by)
);
CREATE INDEX IF NOT EXISTS sights_merchant_at_idx ON app.sights (merchant, at);
ALTER TABLE app.sights ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS of_merchant ON app.sights;
CREATE POLICY of_merchant ON app.sights
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
