-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.drafts ADD COLUMN escalation jsonb;
ALTER TABLE app.grants ADD COLUMN issue text;

CREATE TABLE app.approvals (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    draft uuid NOT NULL,
    revision integer NOT NULL,
    option text,
    text text,
    text_hash text,
    vouched jsonb NOT NULL DEFAULT '[]',
    order_id text,
    minor bigint NOT NULL,
    currency text NOT NULL,
    ceiling text NOT NULL,
    left_minor bigint NOT NULL,
    issue text,
    lowerable boolean NOT NULL DEFAULT false,
    notes jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL,
    asked_by text NOT NULL,
    due_at timestamptz,
    ruled_by text,
    ruled_minor bigint,
    ruled_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT approvals_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT approvals_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT approvals_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT approvals_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT approvals_state_check CHECK (state IN ('requested', 'approved', 'lowered', 'refused', 'withdrawn')),
    CONSTRAINT approvals_subject_check CHECK ((option IS NULL) <> (text IS NULL))
);
CREATE INDEX approvals_merchant_draft_idx ON app.approvals (merchant, draft);
CREATE INDEX approvals_merchant_state_due_at_idx ON app.approvals (merchant, state, due_at);
CREATE UNIQUE INDEX approvals_open_key ON app.approvals (merchant, draft, revision) WHERE state = 'requested';
ALTER TABLE app.approvals ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.approvals
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
