from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import prompt_folders
from copilot.domain.plan import Plan
from copilot.model.composer import Composed, Voice, compose
from copilot.model.composer.samples import NOW
from copilot.model.prompts import Prompts

BURST = {
    "zh": "刚拆开碎了两个!!赶紧处理,不然投诉你们",
    "en": "opened it and two are shattered, wtf. fix it or I report you",
}


@pytest.fixture(scope="session")
def prompts(compiled: Path) -> Prompts:
    return Prompts(prompt_folders(), compiled)


@pytest.fixture(scope="session")
def say(prompts: Prompts):
    def run(plan: Plan, language: str = "zh", **changes: Any) -> Composed:
        now: datetime = NOW.get(language, NOW["en"])
        zone = now.tzinfo
        assert isinstance(zone, ZoneInfo)
        arguments: dict[str, Any] = {
            "language": language, "case": None, "burst_text": BURST.get(language, ""), "order": None,
            "now": now, "zone": zone, "voice": Voice(), "prompts": prompts, "seed": "c1",
        }  # fmt: skip
        return compose(plan, **(arguments | changes))

    return run
