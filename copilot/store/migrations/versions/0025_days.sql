-- An index in place of another: a process of the release before keeps working on this schema. Run step by step
-- (store/gentle.py).

-- step
CREATE INDEX CONCURRENTLY IF NOT EXISTS grants_merchant_by_day_idx ON app.grants (merchant, by, day);

-- step
DROP INDEX CONCURRENTLY IF EXISTS app.grants_merchant_shop_by_day_idx;
