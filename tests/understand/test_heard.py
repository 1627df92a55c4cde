"""Words that are read several times for one draft are read once, and forgotten with it."""

import asyncio

import pytest

from copilot.domain.conversation import Conversation
from copilot.domain.issue import Issue, Risk, RiskReading
from copilot.domain.message import Message, Role
from copilot.flow.understand import derive_cases, heard, open_case, reading_of, unanswered
from copilot.flow.understand.risks import find_risks

_SAID = "It arrived with a crack. I will file a chargeback with my bank!"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were really read, in order."""
    texts: list[str] = []

    def reading(text: str) -> tuple[RiskReading, ...]:
        texts.append(text)
        return find_risks(text)

    monkeypatch.setattr(heard, "find_risks", reading)
    return texts


def test_a_text_is_read_once_in_a_block_and_again_after_it(read: list[str]) -> None:
    alone = heard.heard(_SAID)
    with heard.remembering():
        first, second = heard.heard(_SAID), heard.heard(_SAID)
        other = heard.heard("thanks!")
    assert read == [_SAID, _SAID, "thanks!"]
    assert first == second == alone
    assert other != alone
    assert [one.risk for one in first[1]] == [Risk.CHARGEBACK]
    heard.heard(_SAID)
    assert read[-1] == _SAID


async def test_drafts_side_by_side_share_nothing_and_their_tasks_share_what_is_theirs(read: list[str]) -> None:
    async def drafted() -> None:
        with heard.remembering():
            heard.heard(_SAID)
            async with asyncio.TaskGroup() as steps:
                steps.create_task(_step())
            await _step()

    async def _step() -> None:
        await asyncio.sleep(0)
        heard.heard(_SAID)

    await asyncio.gather(drafted(), drafted())
    assert read == [_SAID, _SAID]


def test_a_conversation_means_the_same_whether_its_words_were_read_before(read: list[str]) -> None:
    talk = Conversation(
        id="c",
        messages=(
            Message(id="1", role=Role.BUYER, text="where is my parcel?"),
            Message(id="2", role=Role.AGENT, text="It left Memphis yesterday."),
            Message(id="3", role=Role.BUYER, text=_SAID),
        ),
    )

    def meant() -> object:
        burst, cases = unanswered(talk), derive_cases(talk)
        return cases, reading_of(burst, case=open_case(cases))

    alone = meant()
    often = len(read)
    with heard.remembering():
        assert meant() == alone
        assert meant() == alone
    assert derive_cases(talk)[0].issue is Issue.LOGISTICS_QUERY
    assert len(set(read)) == 2 < often + 1
    assert read[often : often + 2] == ["where is my parcel?", _SAID]
