"""What every wording must carry: the plan's points, the other matter's thing, who pays, and nothing that is not so."""

from datetime import timedelta
from functools import cache

import pytest

from copilot.assets import policy_folders
from copilot.domain.case import Case, Option
from copilot.domain.errors import PromptError
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.model.composer.samples import NOW, Sample, samples
from copilot.playbook import load_playbooks
from copilot.playbook.loader import Playbooks

ALL = samples()
LANGUAGES = ("zh", "en")
SAMPLE_ID = {
    "order": "order.o1", "shipment": "shipment.SF1", "after_sale": "after_sale.a1", "product": "product.p1",
}  # fmt: skip
# Named by a sentence that may be left out, or carried by another value of the same sentence.
FREE = (
    "order.o1", "order.o1.status", "order.o1.total", "order.o1.paid_at", "order.o1.delivered_at", "after_sale.a1",
    "shipment.SF1.number", "shipment.SF1.carrier", "case.item.name", "product.p1.name", "case.item.sku", "turn.shards",
    "turn.photo", "turn.checked", "fit.measure", "fit.unit", "terms.return_days", "product.p1.price",
    "terms.refund_arrival_business_days.min",
)  # fmt: skip


@cache
def _playbooks() -> Playbooks:
    return load_playbooks(policy_folders())


def _points(sample: Sample) -> list[str]:
    book = _playbooks().by_issue.get(sample.issue) if sample.issue else None
    scene = next((one.rule for one in book.scenes if one.id.rsplit("/", 1)[-1] == sample.scene), None) if book else None
    if scene is None:
        return []
    # An offer that has nothing to offer names the rule instead.
    told = scene.declined if sample.act is Act.DECLINE and scene.act is Act.OFFER else scene.points
    return [_concrete(point) for point in told]


def _concrete(point: str) -> str:
    head, _, rest = point.partition(".")
    whole = SAMPLE_ID.get(head, head)
    return f"{whole}.{rest}" if rest else whole


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("issue", list(Issue))
def test_no_wording_drops_a_point(say, language, issue):
    for sample in (one for one in ALL if one.issue is issue and one.act in (Act.ANSWER, Act.OFFER, Act.DECLINE)):
        wanted = [point for point in _points(sample) if point not in FREE]
        plan = sample.plan(language)
        for variant in range(8):
            composed = say(plan, language, variant=variant, seed=f"c{variant}")
            said = {claim.source for claim in composed.claims}
            missing = [point for point in wanted if point in plan.facts and point not in said]
            # What a variant is called holds its size.
            missing = [point for point in missing if point != "fit.size" or "fit.label" not in said]
            assert not missing, (missing, composed.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_matter_is_named_by_its_thing(say, language):
    name = {"zh": "加绒短靴", "en": "High-rise leggings"}[language]
    for sample in ALL:
        plan = sample.plan(language, secondary=(Issue.DELIVERY_DELAY,))
        fact = Fact(id="secondary.item", kind=FactKind.PRODUCT, value=name, source="platform")
        plan = plan.model_copy(update={"facts": {**plan.facts, fact.id: fact}})
        assert name in say(plan, language).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [("shop", "我们出", "on us"), ("prepaid", "我们出", "label"), ("buyer", "由您承担", "on your side")],
)
def test_who_pays_the_way_back_is_said_as_it_is(say, language, label, zh, en):
    right = {"zh": zh, "en": en}[language]
    wrong = {"zh": "由您承担", "en": "on your side"}[language]
    for sample in (one for one in ALL if "return_refund" in one.options and one.act in (Act.OFFER, Act.CONFIRM)):
        for variant in range(4):
            text = say(_labelled(sample.plan(language), label), language, variant=variant).text
            assert right in text or (label == "shop" and "we cover the shipping" in text.lower()), text
            assert label == "buyer" or wrong not in text, text


def test_an_unknown_payer_stops_the_draft(say):
    plan = next(one for one in ALL if "return_refund" in one.options).plan("zh")
    with pytest.raises(PromptError, match="label"):
        say(_labelled(plan, "maybe"), "zh")


def _labelled(plan: Plan, label: str) -> Plan:
    facts = {
        key: fact.model_copy(update={"value": label}) if key.endswith(".label") else fact
        for key, fact in plan.facts.items()
    }
    return plan.model_copy(update={"facts": facts})


@pytest.mark.parametrize("act", [Act.WELCOME, Act.FAREWELL, Act.GREET])
def test_small_talk_names_no_order_and_no_use(say, act):
    plan = next(one for one in ALL if one.act is act).plan("zh", empathy=False)
    for variant in range(24):
        zh = say(plan, "zh", variant=variant, seed=f"c{variant}").text
        assert not any(word in zh for word in ("订单", "这单", "用着", "货")), zh
        if act is not Act.GREET:
            assert "order" not in say(plan, "en", variant=variant, seed=f"c{variant}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_for_a_photo_says_photo(say, language):
    for sample in (one for one in ALL if "photo" in one.asks):
        plan = sample.plan(language, full=False)
        for variant in range(8):
            text = say(plan, language, variant=variant).text
            # What went wrong at the checkout is seen on the screen.
            screen = sample.issue is Issue.PAYMENT_ACCOUNT
            words = {"zh": ("照片", "图"), "en": ("photo", "screenshot")}[language]
            assert words[screen] in text, text
            assert "照片收到" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_mind_hears_that_the_first_choice_is_off(say, language):
    plan = next(one for one in ALL if one.act is Act.CONFIRM and one.options == ("refund_keep",)).plan(language)
    chosen = Option(id="B", key="refund_keep", title="B", action="")
    plan = plan.model_copy(update={"chosen": chosen})
    before = Case(issue=Issue.DAMAGED, offered=(Option(id="A", key="reship", title="A", action=""), chosen), chosen="A")
    off = {"zh": "不", "en": "replacement"}[language]
    assert off in say(plan, language, case=before).sentences[0]
    assert off not in say(plan, language, case=before.model_copy(update={"chosen": None})).sentences[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_asked_for_without_a_letter_is_confirmed_without_one(say, language):
    plan = next(one for one in ALL if one.act is Act.CONFIRM and one.options == ("return_refund",)).plan(language)
    assert plan.chosen is not None
    plan = plan.model_copy(update={"chosen": plan.chosen.model_copy(update={"id": ""})})
    for variant in range(6):
        composed = say(plan, language, variant=variant)
        assert not {"A", "option"} & set(composed.sentences[0].replace(",", " ").split()), composed.text
        assert composed.option_texts[""] in composed.text
        assert "59.9" in composed.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_sets_have_a_part_that_is_still_good(say, language):
    plan = next(one for one in ALL if one.issue is Issue.DAMAGED and one.options == ("refund_keep",)).plan(language)
    names = {"zh": ("手绘陶瓷杯 4只装", "日式纸艺台灯"), "en": ("Speckled mug, set of 2", "Desk lamp")}[language]
    good = {"zh": "您留着用", "en": "still good"}[language]
    texts = []
    for name in names:
        facts = {**plan.facts, "case.item.name": plan.facts["case.item.name"].model_copy(update={"value": name})}
        texts.append(say(plan.model_copy(update={"facts": facts}), language).text)
    assert good in texts[0]
    assert good not in texts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_parcel_that_stands_still_is_said_to_stand_still(say, language):
    words = {"zh": ("之后没有新的", "没动", "停在"), "en": ("no new scan", "hasn't moved", "stuck for")}[language]
    for sample in (one for one in ALL if one.scene in ("in_transit", "in_transit_on_time", "late", "in_transit_late")):
        for variant in range(8):
            plan = sample.plan(language, empathy=False)
            late = NOW[language] - timedelta(hours=2)
            events = {key: fact for key, fact in plan.facts.items() if not key.endswith("last_event.text")}
            events |= {
                key: fact.model_copy(update={"value": late.isoformat()})
                for key, fact in events.items() if key.endswith("last_event.at")
            }  # fmt: skip
            text = say(plan.model_copy(update={"facts": events}), language, variant=variant).text
            assert not any(word in text for word in words), text


@pytest.mark.parametrize(
    ("language", "lead"), [("zh", ("您问的另一点：", "另外您问的：")), ("en", ("other question: ",))]
)
def test_a_stored_answer_beside_a_matter_is_said_once_and_before_the_question(say, language, lead):
    sample = next(one for one in samples() if one.issue is Issue.QUALITY_DEFECT and one.scene == "photo_missing")
    plan = sample.plan(language)
    words = "30度以下手洗。" if language == "zh" else "Top rack is best."
    fact = Fact(id="faq.e1.answer", kind=FactKind.ATTRIBUTE, value=words, source="faq")
    plan = plan.model_copy(update={"facts": {**plan.facts, fact.id: fact}, "points": (*plan.points, fact.id)})
    for variant in range(4):
        text = say(plan, language, variant=variant).text
        assert text.count(words) == 1, text
        assert any(one + words in text for one in lead), text
        assert text.rstrip().endswith(("?", "？")), text
