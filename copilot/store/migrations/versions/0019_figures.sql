-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.conversations ADD COLUMN rated_at timestamptz;
ALTER TABLE app.drafts ADD COLUMN shown_at timestamptz;
CREATE INDEX drafts_merchant_shop_created_at_idx ON app.drafts (merchant, shop, created_at);
ALTER TABLE app.decisions ADD COLUMN edit_class text;
ALTER TABLE app.decisions ADD COLUMN waited_ms integer;
ALTER TABLE app.decisions ADD CONSTRAINT decisions_edit_class_check
    CHECK (edit_class IN ('verbatim', 'surface', 'substance'));
ALTER TABLE app.outbox ADD COLUMN corrects uuid;
CREATE INDEX outbox_merchant_corrects_idx ON app.outbox (merchant, corrects) WHERE corrects IS NOT NULL;

CREATE TABLE app.sights (
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
CREATE INDEX sights_merchant_at_idx ON app.sights (merchant, at);
ALTER TABLE app.sights ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.sights
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
