-- Only adds: a process of the release before keeps working on this schema.

ALTER TABLE app.people ADD COLUMN alert_sound text NOT NULL DEFAULT 'deadline';
ALTER TABLE app.people ADD COLUMN alert_vibration boolean NOT NULL DEFAULT false;
ALTER TABLE app.people ADD CONSTRAINT people_alert_sound_check
    CHECK (alert_sound IN ('off', 'deadline', 'message'));

ALTER TABLE app.receptions ADD COLUMN busy boolean NOT NULL DEFAULT false;

ALTER TABLE app.people ADD COLUMN scopes jsonb NOT NULL
    DEFAULT '["after_sale_review", "message_reply", "order_handling"]';
