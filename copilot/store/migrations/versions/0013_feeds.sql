-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.conversations ADD COLUMN platform_agent text;
ALTER TABLE app.conversations ADD COLUMN ended_at timestamptz;
ALTER TABLE app.conversations ADD COLUMN stars integer;
ALTER TABLE app.conversations ADD COLUMN read_at timestamptz;
ALTER TABLE app.conversations ADD CONSTRAINT conversations_stars_check CHECK (stars BETWEEN 1 AND 5);
ALTER TABLE app.messages ADD COLUMN edited_at timestamptz;

CREATE TABLE app.feeds (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    cursor text,
    heard_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    error text,
    owner uuid,
    held_until timestamptz,
    CONSTRAINT feeds_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT feeds_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT feeds_merchant_shop_key UNIQUE (merchant, shop)
);
ALTER TABLE app.feeds ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.feeds
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
