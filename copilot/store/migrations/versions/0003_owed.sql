-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.commitments
    ADD COLUMN source text NOT NULL DEFAULT 'draft',
    ADD COLUMN settled_by text,
    ADD COLUMN settled_at timestamptz;
