"""The embedded PostgreSQL: a real server in the data folder for people who run no server of their own.

It takes the programs from a wheel and starts and stops them itself. It refuses to open a port, to change the
permissions of a folder it did not make, and to touch data of another major version.
"""

from copilot.store.embedded.server import DATABASE, EmbeddedPostgres, data_place

__all__ = ["DATABASE", "EmbeddedPostgres", "data_place"]
