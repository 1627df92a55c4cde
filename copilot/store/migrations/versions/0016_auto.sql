-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.conversations ADD COLUMN opened_by uuid;
-- Sessions that are open now were opened by a message that nobody wrote down; they are not greeted again.
UPDATE app.conversations SET opened_by = id;
ALTER TABLE app.messages ADD COLUMN card text;
ALTER TABLE app.outbox ADD COLUMN cards jsonb;

CREATE TABLE app.auto_replies (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    slug text NOT NULL,
    language text NOT NULL,
    trigger text NOT NULL,
    text text NOT NULL,
    keywords jsonb NOT NULL,
    starts text,
    ends text,
    days jsonb NOT NULL,
    busy_from integer,
    active boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT auto_replies_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT auto_replies_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT auto_replies_merchant_shop_slug_language_key UNIQUE (merchant, shop, slug, language),
    CONSTRAINT auto_replies_trigger_check CHECK (trigger IN ('keywords', 'after_hours', 'busy'))
);
ALTER TABLE app.auto_replies ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.auto_replies
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.auto_outcomes (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation uuid NOT NULL,
    message uuid NOT NULL,
    tried jsonb NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT auto_outcomes_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT auto_outcomes_merchant_conversation_fkey FOREIGN KEY (merchant, conversation)
        REFERENCES app.conversations (merchant, id),
    CONSTRAINT auto_outcomes_merchant_message_fkey FOREIGN KEY (merchant, message) REFERENCES app.messages (merchant, id),
    CONSTRAINT auto_outcomes_merchant_message_key UNIQUE (merchant, message)
);
CREATE INDEX auto_outcomes_merchant_conversation_at_idx ON app.auto_outcomes (merchant, conversation, at);
ALTER TABLE app.auto_outcomes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.auto_outcomes
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
