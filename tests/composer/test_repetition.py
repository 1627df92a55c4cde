from collections import Counter
from datetime import timedelta
from itertools import product

import pytest

from copilot.domain.case import Case, Commitment
from copilot.domain.fact import FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Plan
from copilot.model.composer.samples import NOW, samples
from copilot.model.composer.sentences import sentences_of

SCENES = [sample for sample in samples() if sample.issue]


ITEMS = {
    "zh": ("陶瓷马克杯", "磁吸台灯", "羊毛开衫", "静音鼠标", "不粘炒锅", "帆布通勤包"),
    "en": ("Speckled mug", "Star projector", "Trail sneakers", "Linen apron", "Desk lamp", "Canvas tote"),
}


def named(plan: Plan, name: str) -> Plan:
    """The plan about another thing: real conversations are not all about one mug."""
    facts = {
        key: fact.model_copy(update={"value": name}) if fact.kind is FactKind.PRODUCT else fact
        for key, fact in plan.facts.items()
    }
    return plan.model_copy(update={"facts": facts})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_hundred_drafts_do_not_begin_alike(say, language):
    drafts = [SCENES[index * 7 % len(SCENES)] for index in range(200)]
    starts: dict[Issue | None, Counter[str]] = {}
    for index, sample in enumerate(drafts):
        plan = named(sample.plan(language, full=index % 3 > 0, empathy=index % 2 > 0), ITEMS[language][index % 6])
        text = say(plan, language, seed=f"conversation-{index}").text
        starts.setdefault(sample.issue, Counter())[text[:12]] += 1
    worst = {issue: counted.most_common(1)[0] for issue, counted in starts.items()}
    assert max(number for _, number in worst.values()) <= 3, worst


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_scene_in_forty_conversations_has_many_beginnings(say, language):
    sample = next(
        one for one in SCENES if one.issue is Issue.DAMAGED and one.scene == "decide" and len(one.options) > 1
    )
    texts = [say(sample.plan(language), language, seed=f"conversation-{index}").text for index in range(40)]
    assert len({text[:12] for text in texts}) >= 6
    assert len(set(texts)) >= 30


@pytest.mark.parametrize(("language", "issue"), list(product(["zh", "en"], [Issue.DELIVERY_DELAY, Issue.DAMAGED])))
def test_no_sentence_comes_twice_within_a_conversation(say, language, issue):
    said: list[str] = []
    mine = [sample for sample in SCENES if sample.issue is issue]
    # A word that was broken is owned up to once: the flow gives it to one plan of a conversation.
    holds = [sample for sample in mine if sample.scene == "checking" and "word.broken" not in sample.given]
    for sample in (
        *holds,
        *[one for one in mine if one.scene in ("stalled", "decide") and len(one.options) == 2][:1],
        *holds,
    ):
        text = say(sample.plan(language, empathy=not said), language, said=said).text
        repeated = sentences_of(text) & {part for before in said for part in sentences_of(before)}
        assert not repeated, repeated
        said.append(text)


def test_a_redraft_after_tone_says_it_otherwise(say):
    plan = next(one for one in SCENES if one.issue is Issue.DAMAGED and one.scene == "decide").plan("zh")
    first, second = say(plan, variant=0), say(plan, variant=1)
    assert first.text != second.text
    assert first.text[:12] != second.text[:12]


def test_an_overdue_answer_is_owned_up_to_once(say):
    plan = next(one for one in SCENES if one.scene == "stalled").plan("zh", empathy=False)
    due = NOW["zh"] - timedelta(hours=1)
    case = Case(issue=Issue.LOGISTICS_QUERY, commitments=(Commitment(what="hold", due=due),))
    late, kept = say(plan, case=case), say(plan, case=Case(issue=Issue.LOGISTICS_QUERY))
    assert any(part in late.sentences[0] for part in ("时间过了", "没赶上", "已经过了"))
    assert not any(part in kept.text for part in ("时间过了", "没赶上"))
    felt = say(plan.model_copy(update={"empathy": True}), case=case).text
    assert sum(felt.count(part) for part in ("没做到", "是我不对")) == 1


def test_a_time_that_nobody_named_has_not_passed(say):
    plan = next(one for one in SCENES if one.scene == "stalled").plan("zh", empathy=False)
    day_over = NOW["zh"].replace(hour=23, minute=59, second=0) - timedelta(days=1)
    case = Case(issue=Issue.LOGISTICS_QUERY, commitments=(Commitment(what="hold", due=day_over),))
    for variant in range(6):
        said = say(plan, case=case, variant=variant).sentences[0]
        assert any(part in said for part in ("没做到", "是我不对"))
        assert "时间" not in said


def test_a_second_hold_of_a_case_is_worded_anew(say):
    plan = next(one for one in SCENES if one.scene == "checking").plan("zh", empathy=False)
    case = Case(issue=Issue.LOGISTICS_QUERY)
    assert say(plan, case=case).text != say(plan, case=case.model_copy(update={"holds": 1})).text
