"""The background worker and the bodies of its tasks; nothing below imports it."""
