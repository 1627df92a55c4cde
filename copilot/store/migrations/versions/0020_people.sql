-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.people ADD COLUMN alert_sound text NOT NULL DEFAULT 'deadline';
ALTER TABLE app.people ADD COLUMN alert_vibration boolean NOT NULL DEFAULT false;
ALTER TABLE app.people ADD CONSTRAINT people_alert_sound_check
    CHECK (alert_sound IN ('off', 'deadline', 'message'));

ALTER TABLE app.receptions ADD COLUMN busy boolean NOT NULL DEFAULT false;

ALTER TABLE app.people ADD COLUMN scopes jsonb NOT NULL
    DEFAULT '["after_sale_review", "message_reply", "order_handling"]';

CREATE TABLE app.feedback (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    draft uuid NOT NULL,
    revision integer NOT NULL,
    shop uuid NOT NULL,
    by text NOT NULL,
    text text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT feedback_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT feedback_merchant_draft_fkey FOREIGN KEY (merchant, draft) REFERENCES app.drafts (merchant, id),
    CONSTRAINT feedback_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id)
);
CREATE INDEX feedback_merchant_at_idx ON app.feedback (merchant, at);
CREATE INDEX feedback_merchant_draft_idx ON app.feedback (merchant, draft);
ALTER TABLE app.feedback ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.feedback
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.rota_slots (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    person uuid NOT NULL,
    days jsonb NOT NULL,
    starts text NOT NULL,
    ends text NOT NULL,
    CONSTRAINT rota_slots_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT rota_slots_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT rota_slots_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id)
);
CREATE INDEX rota_slots_merchant_shop_idx ON app.rota_slots (merchant, shop);
ALTER TABLE app.rota_slots ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.rota_slots
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.absences (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    shop uuid NOT NULL,
    person uuid NOT NULL,
    slot_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    raised_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT absences_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT absences_merchant_shop_fkey FOREIGN KEY (merchant, shop) REFERENCES app.shops (merchant, id),
    CONSTRAINT absences_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id),
    CONSTRAINT absences_merchant_shop_person_slot_at_key UNIQUE (merchant, shop, person, slot_at)
);
CREATE INDEX absences_merchant_raised_at_idx ON app.absences (merchant, raised_at);
ALTER TABLE app.absences ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.absences
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

ALTER TABLE app.people ADD COLUMN phone_bound boolean;
ALTER TABLE app.people ADD COLUMN name_verified boolean;
