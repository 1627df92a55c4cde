"""The shipped entries, read for tests."""

from functools import cache

import yaml

from copilot.domain.knowledge import Entry
from tests.conftest import ROOT

POLICIES = (ROOT / "policies",)


@cache
def entries(name: str) -> tuple[Entry, ...]:
    """The entries of ``policies/knowledge/<name>.yaml``."""
    data = yaml.safe_load((ROOT / f"policies/knowledge/{name}.yaml").read_text(encoding="utf-8"))
    return tuple(Entry.model_validate(entry) for entry in data["entries"])


def staff(language: str) -> tuple[Entry, ...]:
    """What staff are told in ``language``."""
    return entries(f"staff.{language}")
