-- Only adds: a process of the release before keeps working on this schema.

CREATE TABLE app.notes (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    draft uuid NOT NULL,
    revision integer NOT NULL,
    text_hash text NOT NULL,
    note_id text,
    state text NOT NULL,
    shown text,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notes_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT notes_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT notes_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT notes_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT notes_merchant_draft_revision_text_hash_key UNIQUE (merchant, draft, revision, text_hash),
    CONSTRAINT notes_merchant_shop_note_id_key UNIQUE (merchant, shop, note_id),
    CONSTRAINT notes_state_check CHECK (state IN ('writing', 'open', 'closed', 'failed'))
);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.notes
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.presses (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    note_id text NOT NULL,
    platform_conversation_id text NOT NULL,
    kind text NOT NULL,
    words text,
    print_words text,
    agent text,
    print text NOT NULL,
    state text NOT NULL,
    outcome text,
    by text,
    at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT presses_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT presses_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT presses_merchant_shop_print_key UNIQUE (merchant, shop, print),
    CONSTRAINT presses_kind_check CHECK (kind IN ('accept', 'edit', 'reject', 'option', 'answer')),
    CONSTRAINT presses_state_check CHECK (state IN ('taken', 'done', 'refused', 'asks', 'vouch'))
);
CREATE INDEX presses_merchant_shop_note_id_idx ON app.presses (merchant, shop, note_id);
ALTER TABLE app.presses ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.presses
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
