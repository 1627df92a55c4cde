-- Only adds: a process of the release before keeps working on this schema.

-- Grows with every change of what the shop knows; it tells processes that what they keep is old.
ALTER TABLE app.shops ADD COLUMN knowledge bigint NOT NULL DEFAULT 0;

CREATE TABLE app.faq_entries (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    slug text NOT NULL,
    language text NOT NULL,
    question text NOT NULL,
    "similar" jsonb NOT NULL,
    answer text NOT NULL,
    category text NOT NULL,
    audience text NOT NULL,
    origin text NOT NULL,
    original jsonb,
    products jsonb NOT NULL,
    valid_from timestamptz,
    valid_to timestamptz,
    source text,
    tokens tsvector NOT NULL,
    cut text NOT NULL,
    revision bigint NOT NULL,
    vector bytea,
    embedded_by text,
    updated_at timestamptz NOT NULL,
    CONSTRAINT faq_entries_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT faq_entries_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT faq_entries_merchant_shop_slug_language_key UNIQUE (merchant, shop, slug, language),
    CONSTRAINT faq_entries_audience_check CHECK (audience IN ('buyer', 'staff')),
    CONSTRAINT faq_entries_origin_check CHECK (origin IN ('preset', 'own'))
);
CREATE INDEX faq_entries_tokens_idx ON app.faq_entries USING gin (tokens);
ALTER TABLE app.faq_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.faq_entries
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.product_facts (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    product text NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    valid_from timestamptz,
    valid_to timestamptz,
    source text,
    updated_at timestamptz NOT NULL,
    CONSTRAINT product_facts_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT product_facts_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT product_facts_key UNIQUE NULLS NOT DISTINCT (merchant, shop, product, key, valid_from)
);
ALTER TABLE app.product_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.product_facts
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.pinned_products (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    product text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pinned_products_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT pinned_products_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT pinned_products_merchant_shop_product_key UNIQUE (merchant, shop, product)
);
ALTER TABLE app.pinned_products ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.pinned_products
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.notices (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    slug text NOT NULL,
    kind text NOT NULL,
    regions jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    recovery_at timestamptz,
    ship_by timestamptz,
    text jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notices_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT notices_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT notices_merchant_shop_slug_key UNIQUE (merchant, shop, slug),
    CONSTRAINT notices_kind_check CHECK (kind IN ('sla_extended', 'delay', 'holiday', 'other'))
);
ALTER TABLE app.notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.notices
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.phrases (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    slug text NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    category text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT phrases_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT phrases_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT phrases_merchant_shop_slug_language_key UNIQUE (merchant, shop, slug, language)
);
ALTER TABLE app.phrases ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.phrases
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

-- Matching words is not leakproof, so under row-level security no query of the application may use the index on tokens.
-- This function may, and sees the merchant of the session alone. `place` names shop and language, `words` what is asked.
CREATE FUNCTION app.find_entries(
    place tsquery, words tsquery, of_audience text, at timestamptz, of_products jsonb, most integer
) RETURNS TABLE (id uuid, revision bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
    SELECT e.id, e.revision FROM faq_entries e
    WHERE e.tokens @@ (place && words) AND e.merchant = nullif(current_setting('app.merchant', true), '')::uuid
        AND e.audience = of_audience
        AND (e.valid_from IS NULL OR e.valid_from <= at) AND (e.valid_to IS NULL OR e.valid_to > at)
        AND (e.products = '[]' OR EXISTS (
            SELECT FROM jsonb_array_elements_text(e.products) p (value) WHERE of_products @> to_jsonb(p.value)))
    ORDER BY ts_rank('{0, 0, 0.3, 1}', e.tokens, words) DESC, e.id
    LIMIT most;
END;
REVOKE ALL ON FUNCTION app.find_entries(tsquery, tsquery, text, timestamptz, jsonb, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_entries(tsquery, tsquery, text, timestamptz, jsonb, integer) TO copilot_app;
