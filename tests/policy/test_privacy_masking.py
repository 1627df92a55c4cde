"""The gate, the batch, masking around findings, and a user's own recognisers."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.cli.masking import mask_lines
from copilot.domain.errors import PolicyFileError
from copilot.policy.model import PersonalType
from copilot.policy.privacy import (
    SHORTEST_RUN,
    find,
    gate,
    gate_literals,
    in_digits,
    load_own,
    mask,
    mask_many,
    readable,
)
from copilot.policy.privacy.folding import folder

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "privacy.jsonl").read_text(encoding="utf-8").splitlines()
]
FIGURE = "[0-9零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
SECRETS = [
    ("{}", "13912345670"),
    ("QQ {}", "88237711"),
    ("身份证{}", "110101199003077599"),
    ("{}", "li.lei@example.com"),
    ("call {}", "+1 415 555 2671"),
    ("银行卡{}", "6222021234567890123"),
    ("微信号:{}", "kf_88321"),
    ("telegram {}", "@rose_88"),
    ("{}", "幺三八零零四七二二九一"),
    ("寄到{}", "碧水花园12栋3单元801"),
    ("护照{}", "E58823047"),
    ("my name is {}", "hannah whitlock"),
]
WORDS = ["亲,", " 您好 ", "加V信", "加微信 ", "便宜20元", " call me ", "order 3348917502 ", "🐧", "\n", "来聊,"]
ORDINARY = [
    "亲,今天下单明天就能发出哦",
    "这款M码有货的,您平时穿什么尺码呢",
    "收到,已经帮您备注了",
    "满200减30,到手169",
    "11月22日之前都能退",
    "您看A方案还是B方案",
    "抱歉让您久等了,我马上核实",
    "小区门口的驿站代收了吗",
    "微信支付和支付宝都可以的",
    "在路上了,预计3天到",
    "Thanks for waiting! Your parcel is on its way.",
    "It should be with you within 3 to 5 working days.",
    "Could you send a photo of the box?",
    "We have size 10 and 12 left in black",
    "that's $24.99 with free shipping",
    "sorry, that colour is sold out right now",
    "no worries, take your time",
    "I've passed this on to our warehouse team",
]
pieces = st.lists(
    st.one_of(st.text(max_size=8), st.sampled_from(WORDS), st.sampled_from([shape.format(s) for shape, s in SECRETS])),
    max_size=6,
).map("".join)


def _base(text: str) -> str:
    return folder().fold(text).base


@given(pieces)
def test_a_closed_gate_hides_nothing(text: str) -> None:
    base = _base(text)
    if not gate(base):
        assert find(base, None) == []
        assert mask(text).text == text


@given(pieces)
def test_a_text_that_passes_has_a_word_of_the_gate_or_a_run_of_digits(text: str) -> None:
    base = _base(text)
    figures = re.findall(FIGURE, base)
    if gate(base):
        assert any(word in f"{base}\n" for word in gate_literals()) or len(figures) >= SHORTEST_RUN


def test_the_words_of_one_type_alone_open_the_gate_to_all_of_it() -> None:
    texts = [row["text"] for row in ROWS] + [shape.format(secret) for shape, secret in SECRETS]
    words = {kind.value: gate_literals((kind,)) for kind in PersonalType}
    seen: set[str] = set()
    for base in map(_base, texts):
        digits = len(re.findall(FIGURE, base)) >= SHORTEST_RUN
        for kind in {kind for market in (None, "cn", "us", "sea") for kind, _, _ in find(base, market)}:
            seen.add(kind)
            assert any(word in f"{base}\n" for word in words[kind]) or (digits and in_digits((kind,))), (kind, base)
    assert seen == set(words)
    # What is made of digits does not wait for names, nor an address for a mailbox.
    assert not {"my name", "@"} & {*words["id_card"], *words["bank_card"]}
    assert not in_digits(("address", "email"))


def test_ordinary_messages_do_not_pass() -> None:
    assert [text for text in ORDINARY if gate(_base(text))] == []


@pytest.mark.parametrize(("shape", "secret"), SECRETS)
def test_personal_data_passes(shape: str, secret: str) -> None:
    assert gate(_base(shape.format(secret)))


@given(st.lists(pieces, max_size=4), st.sampled_from([None, "cn", "us", "sea"]))
def test_many_texts_are_masked_as_each_alone(texts: list[str], market: str | None) -> None:
    assert mask_many(texts, market) == [mask(text, market) for text in texts]


@given(
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.sampled_from(SECRETS),
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.data(),
)
def test_no_secret_survives_around_findings_and_spans_keep_their_words(before, secret, after, data) -> None:
    shape, words = secret
    text = "".join([*before, " ", shape.format(words), " ", *after])
    edges = st.integers(0, len(text) - 1)
    spans = [(min(a, b), max(a, b) + 1) for a, b in data.draw(st.lists(st.tuples(edges, edges), max_size=3))]
    masked, moved = readable(text, None, spans)
    assert words not in masked
    for (start, end), (new_start, new_end) in zip(spans, moved, strict=True):
        # Same length, and every character is the old one or a star.
        assert new_end - new_start == end - start
        covered = zip(text[start:end], masked[new_start:new_end], strict=True)
        assert all(old == new or new == "*" for old, new in covered)


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("加V信 ab8812 看图", "加V信", "加V信 a****2 看图"),
        ("微 亻言 聊吧,qiaoqiao_05", "微 亻言", "微 亻言 聊吧,qi******_05"),
        ("加we1x1n :a_lin09", "加we1x1n", "加we1x1n :a_****9"),
        ("直接给您退20000元", "给您退20000元", "直接给您退20000元"),
        ("加QQ 88237711", "加QQ 88237711", "加QQ 88****11"),
        ("电话13912345670,退款好评返现5元", "好评返现", "电话⟨phone_1⟩,退款好评返现5元"),
    ],
)
def test_a_finding_stays_readable(text: str, finding: str, expected: str) -> None:
    start = text.index(finding)
    masked, [(first, last)] = readable(text, "cn", [(start, start + len(finding))])
    assert re.sub(r"\*+", "*", masked) == re.sub(r"\*+", "*", expected)
    assert last - first == len(finding)


def test_the_same_account_is_masked_where_no_word_introduces_it() -> None:
    masked, _ = readable("微信号:kf_88321 就是这个 kf_88321", "cn", [])
    assert "kf_88321" not in masked


OWN = """recognizers:
  - name: staff
    supported_entity: STAFF_ID
    patterns:
      - name: number
        regex: 'EMP\\d{5}'
        score: 0.8
  - name: club
    supported_entity: CLUB
    patterns:
      - name: number
        regex: '\\d{4}-\\d{2}'
        score: 0.2
    context: [club]
"""


def test_a_users_own_recognisers_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    own = load_own(path)
    masked = mask("EMP12345 said my club is 1234-56, call 13912345670", own=own)
    assert masked.text == "⟨staff_id_1⟩ said my club is ⟨club_1⟩, call ⟨phone_1⟩"
    assert masked.restore(masked.text) == "EMP12345 said my club is 1234-56, call 13912345670"
    assert mask("size 1234-56", own=own).entities == ()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("regex: 'EMP", "regex: '(EMP", 6),
        ("supported_entity: STAFF", "entity: STAFF", 3),
        ("score: 0.8", "score: 8", 7),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, before: str, after: str, line: int) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(PolicyFileError, match=rf"own\.yaml:{line}:"):
        load_own(path)


def test_every_number_of_a_list_is_masked() -> None:
    numbers = [f"13{n} {2000 + n} {5670 + n}" for n in range(10)]
    assert len(mask(", ".join(numbers)).entities) == 10


def test_the_command_masks_with_the_users_recognisers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, texts = tmp_path / "own.yaml", tmp_path / "texts.txt"
    own.write_text(OWN, encoding="utf-8")
    texts.write_text("EMP12345 打13912345670\n", encoding="utf-8")
    assert mask_lines(str(texts), "cn", own) == 0
    assert json.loads(capsys.readouterr().out) == {
        "masked": "⟨staff_id_1⟩ 打⟨phone_1⟩",
        "entities": [{"type": "staff_id", "start": 0, "end": 8}, {"type": "phone", "start": 10, "end": 21}],
    }


@pytest.mark.parametrize(
    "piece", ["1 2 3 ", "one two ", "a1@", "收货人王", "ab_1", "解放路1", "blk 1 aa, ", "江苏省南京市"]
)
def test_a_long_message_is_read_in_one_go(piece: str) -> None:
    """Twice the text takes about twice the steps: what would try every pair of places does not end in time."""
    text = piece * (40_000 // len(piece))
    masked = mask(text)
    assert masked.restore(masked.text) == text
