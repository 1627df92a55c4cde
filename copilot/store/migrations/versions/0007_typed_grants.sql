-- Only widens: a process of the release before keeps working on this schema.

ALTER TABLE app.grants ALTER COLUMN draft DROP NOT NULL;
ALTER TABLE app.grants ADD COLUMN reply uuid;
ALTER TABLE app.grants
    ADD CONSTRAINT grants_merchant_reply_fkey FOREIGN KEY (merchant, reply) REFERENCES app.outbox (merchant, id),
    ADD CONSTRAINT grants_merchant_reply_key UNIQUE (merchant, reply),
    ADD CONSTRAINT grants_source_check CHECK ((draft IS NULL) <> (reply IS NULL));
