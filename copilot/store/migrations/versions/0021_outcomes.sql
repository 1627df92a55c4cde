-- Only adds: a process of the release before keeps working on this schema. Run step by step (store/gentle.py).

-- step
ALTER TABLE app.sights ADD COLUMN IF NOT EXISTS late boolean, ADD COLUMN IF NOT EXISTS issue text;

-- step
ALTER TABLE app.drafts ADD COLUMN IF NOT EXISTS outcome jsonb;
