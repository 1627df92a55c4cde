-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.outbox ADD COLUMN source text;
ALTER TABLE app.outbox ADD COLUMN source_language text;

CREATE TABLE app.translations (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    kind text NOT NULL,
    ref uuid NOT NULL,
    text_hash text NOT NULL,
    source text,
    source_language text,
    language text NOT NULL,
    state text NOT NULL,
    text text,
    differing jsonb NOT NULL DEFAULT '[]',
    by text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz,
    CONSTRAINT translations_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT translations_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT translations_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT translations_merchant_kind_ref_text_hash_language_key UNIQUE (merchant, kind, ref, text_hash, language),
    CONSTRAINT translations_kind_check CHECK (kind IN ('message', 'draft', 'typed')),
    CONSTRAINT translations_state_check CHECK (state IN ('pending', 'ready', 'differs', 'failed'))
);
CREATE INDEX translations_merchant_conversation_idx ON app.translations (merchant, conversation);
CREATE INDEX translations_expires_at_idx ON app.translations (expires_at);
ALTER TABLE app.translations ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.translations
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
