"""Questions about a property that no topic knows, answered by the words that an attribute itself uses."""

from typing import Any

import pytest

from copilot.assets import policy_folders
from copilot.domain.order import Product
from copilot.playbook.topics import Topics, load_topics


@pytest.fixture(scope="module")
def topics() -> Topics:
    return load_topics(policy_folders())


def product(name: str, **attributes: Any) -> Product:
    return Product.model_validate({"id": "p", "name": name, "status": "live", "attributes": attributes})


@pytest.mark.parametrize(
    ("text", "attributes", "keys"),
    [
        (
            "is it a soy candle? and how long does it burn",
            {"wax": "soy blend", "burn_time_h": 45},
            {"wax", "burn_time_h"},
        ),
        ("does the lid leak?", {"lid": "leak-resistant slide lid"}, {"lid"}),
        ("can it hold water or just dried stems", {"watertight": True}, {"watertight"}),
        ("ok but are they see through when I squat", {"squat_proof": True}, {"squat_proof"}),
        ("does it come with a strap", {"strap": "adjustable, removable"}, {"strap"}),
        ("is it ok for dry skin", {"skin_type": "all skin types"}, {"skin_type"}),
        ("any pockets?", {"pockets": "2 front, 1 inside"}, {"pockets"}),
    ],
)
def test_an_attribute_answers_by_its_own_words(
    topics: Topics, text: str, attributes: dict[str, Any], keys: set[str]
) -> None:
    asked = topics.asked(text, product("Weekend set", **attributes), "en")
    assert ({one.key for one in asked.known}, asked.unknown) == (keys, ())


@pytest.mark.parametrize(
    ("text", "attributes", "keys"),
    [
        ("能充华为手机吗", {"fast_charge": "支持华为22.5W、PD20W"}, {"fast_charge"}),
        ("有没有口袋", {"口袋": "两侧各1个"}, {"口袋"}),
        ("敏感肌能用不", {"skin_type": "敏感肌可用,先局部试"}, {"skin_type"}),
        ("一个人搭得起来吗", {"setup": "自动弹开,一人约3分钟搭好"}, {"setup"}),
        ("里面加糖没", {"sugar": "坚果未加糖"}, {"sugar"}),
    ],
)
def test_chinese_words_meet_chinese_values(
    topics: Topics, text: str, attributes: dict[str, Any], keys: set[str]
) -> None:
    asked = topics.asked(text, product("周末套装", **attributes), "zh")
    assert ({one.key for one in asked.known}, asked.unknown) == (keys, ())


@pytest.mark.parametrize(
    ("text", "name", "attributes", "language"),
    [
        # What stock, prices and sizes are is told with their own facts.
        ("do you have it in red", "Rain jacket", {"colors": ["red", "blue"]}, "en"),
        ("what size for 5'4", "Rain jacket", {"fit": "slim"}, "en"),
        # The goods' own name is in every question.
        ("is the candle big", "Cedar candle", {"note": "this candle ships in a box"}, "en"),
        # A story asks nothing.
        ("my zipper broke on day two, total junk", "Rain jacket", {"zipper": "YKK"}, "en"),
        # Too general a word to mean this property.
        ("how long does delivery take", "Rain jacket", {"burn_time_h": 45, "charging_time_h": 3}, "en"),
        ("什么时候发货", "棉服", {"填充": "白鸭绒"}, "zh"),
        ("这件外套多少钱", "冲锋外套", {"说明": "外套可机洗"}, "zh"),
    ],
)
def test_what_no_question_names_is_not_told(
    topics: Topics, text: str, name: str, attributes: dict[str, Any], language: str
) -> None:
    assert topics.asked(text, product(name, **attributes), language).known == ()


def test_what_the_goods_do_not_state_stays_open_beside_what_they_do(topics: Topics) -> None:
    candle = product("Cedar candle", burn_time_h=45)
    one = topics.asked("How long does it burn? Does it drip on the table?", candle, "en")
    assert ([known.key for known in one.known], one.unknown) == (["burn_time_h"], ("rest of what you asked",))
    # What another issue of the turn is about is answered there.
    text = "How long does it burn? Do you ship to Alaska?"
    assert topics.asked(text, candle, "en", [(text.index("Do you"), len(text))]).unknown == ()
    assert topics.asked("Hi, how are you? How long does it burn?", candle, "en").unknown == ()


def test_a_yes_of_the_shop_is_said_as_a_sentence(topics: Topics) -> None:
    vase = product("Vase", watertight=True, gift_box=False)
    phrases = {one.key: one.phrase for one in topics.asked("is it watertight, is there a gift box?", vase, "en").known}
    assert phrases == {"watertight": "it's watertight", "gift_box": "gift box: no"}
