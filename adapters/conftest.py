"""What the adapters' tests share with all others, also when they run alone: no network, properties that repeat."""

import os

from hypothesis import settings

from tests import guard

guard.install()

settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))
