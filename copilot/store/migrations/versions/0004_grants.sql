-- Only adds: a process of the release before keeps working on this schema.

CREATE TABLE app.grants (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    conversation uuid NOT NULL,
    draft uuid NOT NULL,
    buyer uuid,
    order_id text,
    by text NOT NULL,
    day date NOT NULL,
    minor bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT grants_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT grants_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT grants_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT grants_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT grants_merchant_draft_key UNIQUE (merchant, draft),
    CONSTRAINT grants_state_check CHECK (state IN ('offered', 'settled', 'released'))
);
CREATE INDEX grants_merchant_shop_order_id_idx ON app.grants (merchant, shop, order_id);
CREATE INDEX grants_merchant_shop_buyer_idx ON app.grants (merchant, shop, buyer);
CREATE INDEX grants_merchant_shop_by_day_idx ON app.grants (merchant, shop, by, day);
ALTER TABLE app.grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.grants
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
