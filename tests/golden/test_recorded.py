"""Real talks of a shop, one conversation for each turn of the buyer: nothing new asked, nothing offered, no apology.

The sample (three dialogues of a public dataset, in our format) lies beside the checkout in CI and where the project is
developed; a clone alone does not have it.
"""

import json
import os

import pytest

from copilot.domain.clock import SystemClock
from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult
from copilot.domain.message import Role
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.flow.views import result_of
from tests.conftest import ROOT
from tests.golden.test_golden import APOLOGY

SAMPLE = ROOT.parent / "shared/data/abcd_sample.jsonl"
FEWEST = 20
RAISES = frozenset({"abcd-3592-1", "abcd-9489-1", "abcd-3695-2"})
"""The turns of the sample in which, to a reader, the buyer raises something new."""


@pytest.fixture(scope="module")
def talks() -> list[Conversation]:
    if not SAMPLE.exists():
        missing = "the sample of recorded talks does not lie beside this checkout"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    return [Conversation.model_validate({k: v for k, v in json.loads(one).items() if k != "note"}) for one in lines]


async def _drafted(shops: Shops, talks: list[Conversation]) -> list[DraftResult]:
    flow = MemoryFlow(shops, SystemClock())
    return [result_of(one.id, await flow.run(one)) for one in talks]


async def test_no_turn_without_a_new_issue_gets_options_or_an_apology(shops: Shops, talks: list[Conversation]) -> None:
    assert len(talks) >= FEWEST
    drafted = await _drafted(shops, talks)
    assert {one.conversation for one in drafted} >= RAISES
    for one in drafted:
        # By what a reader sees in the turn, not by what was read in it here.
        if one.draft is not None and one.conversation not in RAISES:
            assert (one.draft.options, APOLOGY.search(one.draft.text)) == ((), None), one


async def test_what_the_shop_refused_is_no_offer_that_still_stands(shops: Shops, talks: list[Conversation]) -> None:
    refused = [
        talk
        for talk in talks
        if any(one.role is Role.AGENT and "cannot accept the return" in one.text for one in talk.messages)
    ]
    assert refused
    for one in await _drafted(shops, refused):
        assert one.draft is None or "offer" not in one.draft.text, one
