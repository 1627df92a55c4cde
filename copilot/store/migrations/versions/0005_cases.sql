-- Only adds: a process of the release before keeps working on this schema, and never wrote a case.

ALTER TABLE app.cases
    ADD COLUMN issue text NOT NULL DEFAULT 'unclear',
    ADD COLUMN order_id text,
    ADD COLUMN product_id text,
    ADD COLUMN raised_by text,
    ADD COLUMN raised_at timestamptz,
    ADD COLUMN read_to timestamptz,
    ADD COLUMN picked_order text,
    ADD COLUMN picked_at timestamptz,
    ADD COLUMN resolved_at timestamptz,
    ADD COLUMN resolved_by text,
    ADD COLUMN evidence text,
    ADD COLUMN reopened integer NOT NULL DEFAULT 0,
    ADD COLUMN reopened_at timestamptz,
    ADD COLUMN reopened_by text,
    ADD COLUMN follow_up text,
    ADD COLUMN follow_up_from timestamptz,
    ADD COLUMN follow_up_until timestamptz,
    ADD COLUMN follow_up_draft uuid,
    ADD COLUMN solved boolean,
    ADD COLUMN solved_at timestamptz,
    ADD COLUMN version bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT cases_follow_up_check
        CHECK (follow_up IN ('none', 'armed', 'proposed', 'owed', 'cancelled', 'over', 'answered'));
CREATE INDEX cases_merchant_order_id_idx ON app.cases (merchant, order_id);
CREATE INDEX cases_merchant_raised_at_idx ON app.cases (merchant, raised_at);
