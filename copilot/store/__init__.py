"""The database: tables, migrations, the embedded server, the one engine, the queue, timers and events.

It stores and fetches and keeps merchants apart; what a row means is decided by the parts above it.
"""
