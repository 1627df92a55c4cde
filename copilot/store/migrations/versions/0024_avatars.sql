-- Only adds: a process of the release before keeps working on this schema.

CREATE TABLE app.avatars (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    person uuid NOT NULL,
    content_type text NOT NULL,
    body bytea NOT NULL,
    state text NOT NULL,
    reviews jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT avatars_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT avatars_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id),
    CONSTRAINT avatars_state_check CHECK (state IN ('pending_review', 'approved', 'rejected'))
);
CREATE INDEX avatars_merchant_person_idx ON app.avatars (merchant, person);
ALTER TABLE app.avatars ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.avatars
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
