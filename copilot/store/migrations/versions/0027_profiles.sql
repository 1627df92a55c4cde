-- Only adds: a process of the release before keeps working on this schema. Run step by step (store/gentle.py).

-- step
ALTER TABLE app.buyers
    ADD COLUMN IF NOT EXISTS level text,
    ADD COLUMN IF NOT EXISTS told_tags jsonb,
    ADD COLUMN IF NOT EXISTS dropped_tags jsonb NOT NULL DEFAULT '[]';
