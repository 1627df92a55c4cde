-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.grants ADD COLUMN replaced_by uuid;
ALTER TABLE app.grants ADD COLUMN replaced_state text;
ALTER TABLE app.grants ADD CONSTRAINT grants_replaced_state_check
    CHECK (replaced_state IN ('offered', 'settled'));
CREATE INDEX grants_replaced_idx ON app.grants (merchant, replaced_by) WHERE replaced_by IS NOT NULL;
