-- Only adds: a process of the release before keeps working on this schema.

CREATE TABLE app.greetings (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    cards jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT greetings_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT greetings_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT greetings_merchant_shop_language_key UNIQUE (merchant, shop, language)
);
ALTER TABLE app.greetings ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.greetings
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
