-- Only widens: a process of the release before keeps working on this schema. Run step by step (store/gentle.py).

-- step
ALTER TABLE app.grants ADD COLUMN IF NOT EXISTS message text, DROP CONSTRAINT IF EXISTS grants_source_check;

-- step
ALTER TABLE app.grants ADD CONSTRAINT grants_source_check
    CHECK (num_nonnulls(draft, reply, message) = 1) NOT VALID;

-- step
ALTER TABLE app.grants VALIDATE CONSTRAINT grants_source_check;

-- step
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS grants_said_key ON app.grants (merchant, conversation, message, currency)
    WHERE message IS NOT NULL;
