"""What cannot be said within a platform's limit is not said; ``test_golden_texts`` has the talks that can."""

import asyncio
import re
from pathlib import Path

import pytest

from copilot.assets import policy_folders, prompt_folders, shipped
from copilot.domain.clock import SystemClock
from copilot.domain.reason import Reason
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.model.prompts import Prompts
from copilot.replay.evaluation.cases import Outcome, drafted, golden

PROMPTS = Prompts(prompt_folders())


@pytest.mark.parametrize("most", [60, 160])
def test_what_cannot_be_said_within_the_limit_is_not_said_and_told(tmp_path: Path, compiled: Path, most: int) -> None:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    text = (shipped("policies") / "profiles" / "tiktok_shop.us.yaml").read_text(encoding="utf-8")
    limited, times = re.subn(r"max_chars: \{value: \d+", f"max_chars: {{value: {most}", text)
    assert times
    (profiles / "tiktok_shop.us.yaml").write_text(limited, encoding="utf-8")
    flow = MemoryFlow(Shops(policy_folders([tmp_path]), PROMPTS, compiled), SystemClock())

    async def all_of_them() -> list[Outcome]:
        return [await drafted(flow, case) for _, case in list(golden(("en",)))[:30]]

    found = asyncio.run(all_of_them())
    shown = [one.text for one in found if one.reason is None]
    assert max((len(text or "") for text in shown), default=0) <= most
    too_long = [one for one in found if one.reason is Reason.BLOCKED]
    assert too_long, "some of these talks cannot be answered in so few characters"
    for one in too_long:
        assert one.checked is not None
        assert {finding.rule for finding in one.checked.verdict.findings} >= {"length.max_chars"}
