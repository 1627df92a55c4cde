"""The interface's groups are the five modules of the chat tools' side menu: each route stands in one of them."""

import pytest

from copilot.web.app import GROUPS
from tests.conftest import ROOT
from tests.web.conftest import Web

MODULES = ["inbox", "service analysis", "smart service", "settings", "feedback"]


@pytest.mark.feature("F020")
def test_the_groups_map_one_to_one_onto_the_five_modules(web: Web) -> None:
    described = web.app.openapi()["paths"]
    tags = {
        f"{method.upper()} {path}": ways[method].get("tags", [])
        for path, ways in described.items()
        for method in ways
        if path.startswith("/api/")
    }
    assert len(tags) > 100
    assert {way for way, found in tags.items() if len(found) != 1} == set()
    assert {found[0] for found in tags.values()} == set(MODULES) == set(GROUPS)
    modules = [part for parts in GROUPS.values() for part in parts]
    assert len(modules) == len(set(modules))
    assert tags["POST /api/drafts/{draft}/decision"] == ["inbox"]
    assert tags["GET /api/figures"] == ["service analysis"]
    assert tags["POST /api/auto/explain"] == ["smart service"]
    assert tags["POST /api/people"] == ["settings"]
    assert tags["GET /api/feedback"] == ["feedback"]


def test_the_description_names_them() -> None:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    for module in MODULES:
        assert f"| {module} |" in text
