-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.outbox ADD COLUMN sendable text;
ALTER TABLE app.outbox ADD CONSTRAINT outbox_sendable_check
    CHECK (sendable IN ('image', 'video', 'product', 'order', 'coupon'));

CREATE TABLE app.sendables (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    ref text,
    name text,
    content_type text,
    body bytea,
    created_at timestamptz NOT NULL,
    CONSTRAINT sendables_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT sendables_merchant_id_fkey FOREIGN KEY (merchant, id) REFERENCES app.outbox (merchant, id)
);
ALTER TABLE app.sendables ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.sendables
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
