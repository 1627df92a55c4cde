"""The authorities that clients of the test kit trust, read once a process.

Reading them takes 15 ms, several times a check: most of what proving an adapter took.
"""

import functools
import ssl

import httpx


@functools.cache
def trusted() -> ssl.SSLContext:
    """What ``httpx`` trusts by itself, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)
