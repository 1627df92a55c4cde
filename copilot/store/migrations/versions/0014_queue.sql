-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.conversations ADD COLUMN assignee uuid;
ALTER TABLE app.conversations ADD COLUMN assigned_how text;
ALTER TABLE app.conversations ADD COLUMN assigned_at timestamptz;
ALTER TABLE app.conversations ADD COLUMN held_before uuid;
ALTER TABLE app.conversations ADD COLUMN queued_at timestamptz;
ALTER TABLE app.conversations ADD COLUMN marked_by uuid;
ALTER TABLE app.conversations ADD COLUMN marked_at timestamptz;
ALTER TABLE app.conversations ADD COLUMN tags jsonb NOT NULL DEFAULT '[]';
ALTER TABLE app.conversations ADD CONSTRAINT conversations_merchant_assignee_fkey
    FOREIGN KEY (merchant, assignee) REFERENCES app.people (merchant, id);
ALTER TABLE app.conversations ADD CONSTRAINT conversations_assigned_how_check
    CHECK (assigned_how IN ('auto', 'manual', 'transfer'));
CREATE INDEX conversations_held_idx ON app.conversations (merchant, assignee)
    WHERE assignee IS NOT NULL AND ended_at IS NULL;
CREATE INDEX conversations_queued_idx ON app.conversations (merchant, queued_at)
    WHERE assignee IS NULL AND ended_at IS NULL AND queued_at IS NOT NULL;

-- What was there before: whose buyer spoke last waits, the rest is history until the buyer writes again.
UPDATE app.conversations c SET
    queued_at = CASE WHEN newest.role = 'buyer' THEN c.updated_at END,
    ended_at = CASE WHEN newest.role IS DISTINCT FROM 'buyer' THEN coalesce(c.ended_at, c.updated_at) END
FROM app.conversations same
LEFT JOIN LATERAL (
    SELECT m.role FROM app.messages m
    WHERE m.merchant = same.merchant AND m.conversation = same.id AND m.visible
    ORDER BY m.position DESC LIMIT 1
) newest ON true
WHERE same.merchant = c.merchant AND same.id = c.id;

CREATE TABLE app.receptions (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    receives boolean NOT NULL DEFAULT true,
    capacity integer,
    groups jsonb NOT NULL DEFAULT '[]',
    platform_name text,
    updated_at timestamptz NOT NULL,
    CONSTRAINT receptions_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT receptions_merchant_id_fkey FOREIGN KEY (merchant, id) REFERENCES app.people (merchant, id),
    CONSTRAINT receptions_capacity_check CHECK (capacity >= 0)
);
ALTER TABLE app.receptions ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.receptions
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.pages (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    person uuid NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT pages_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT pages_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id)
);
CREATE INDEX pages_merchant_until_idx ON app.pages (merchant, until);
ALTER TABLE app.pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.pages
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.assignments (
    merchant uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    person uuid,
    before uuid,
    how text NOT NULL,
    by text NOT NULL,
    note text,
    at timestamptz NOT NULL,
    CONSTRAINT assignments_pkey PRIMARY KEY (merchant, id),
    CONSTRAINT assignments_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT assignments_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id),
    CONSTRAINT assignments_how_check CHECK (how IN ('auto', 'manual', 'transfer', 'queue', 'end'))
);
CREATE INDEX assignments_merchant_conversation_position_idx ON app.assignments (merchant, conversation, position);
CREATE INDEX assignments_merchant_person_at_idx ON app.assignments (merchant, person, at);
ALTER TABLE app.assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.assignments
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);

CREATE TABLE app.views (
    merchant uuid NOT NULL,
    conversation uuid NOT NULL,
    person uuid NOT NULL,
    seen_to bigint NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT views_pkey PRIMARY KEY (merchant, conversation, person),
    CONSTRAINT views_merchant_conversation_fkey FOREIGN KEY (merchant, conversation) REFERENCES app.conversations (merchant, id),
    CONSTRAINT views_merchant_person_fkey FOREIGN KEY (merchant, person) REFERENCES app.people (merchant, id)
);
ALTER TABLE app.views ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_merchant ON app.views
    USING (merchant = nullif(current_setting('app.merchant', true), '')::uuid)
    WITH CHECK (merchant = nullif(current_setting('app.merchant', true), '')::uuid);
