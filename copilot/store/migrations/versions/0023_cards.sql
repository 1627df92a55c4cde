-- Only allows more: a process of the release before keeps working on this schema.

ALTER TABLE app.outbox DROP CONSTRAINT outbox_sendable_check;
ALTER TABLE app.outbox ADD CONSTRAINT outbox_sendable_check
    CHECK (sendable IN ('image', 'video', 'product', 'order', 'coupon', 'return', 'logistics', 'order_message'));
ALTER TABLE app.sendables ADD COLUMN item text;
ALTER TABLE app.sendables ADD COLUMN words text;
