"""A batch comes to the verdicts that each text gets alone, whatever stands beside it and whichever matcher finds it."""

import importlib
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.verdict import Severity
from copilot.policy import CheckContext, Expect, Origin, Pack, Speaker
from copilot.policy import pack as pack_module
from copilot.policy.batch.automata import AUTOMATA, automaton, available
from copilot.policy.batch.codes import Alphabet
from copilot.policy.batch.literals import EDGE, clauses
from copilot.policy.compile import compile_pack, compile_rules
from copilot.policy.learned import load_learned
from copilot.policy.linear import Expression
from copilot.policy.load import choose_pack, open_folders
from copilot.policy.model import Case, Pattern, Rule, Words

re2: Any = importlib.import_module("re2")
FOLDERS = open_folders(policy_folders())
RULES = [sourced.rule for sourced in FOLDERS.rules().values()]
CASES = sorted(
    {
        case.text if isinstance(case, Case) else case
        for rule in RULES
        for case in (*rule.cases.violates, *rule.cases.allowed)
    }
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
pieces = st.one_of(st.sampled_from(CASES), st.text(max_size=12), st.sampled_from(" ,。.①１一＠@/點微信vｖ➕❤\u200b"))
texts = st.lists(pieces, min_size=1, max_size=3).map("".join)


def _trie_hits(words: list[bytes], haystack: bytes) -> set[tuple[int, int]]:
    return {
        (number, end)
        for number, word in enumerate(words)
        for end in range(len(word), len(haystack) + 1)
        if haystack[end - len(word) : end] == word
    }


few_letters = st.text("ab微信k\x01", min_size=1, max_size=20)
any_letters = st.text(min_size=1, max_size=6)


@given(st.lists(few_letters | any_letters, min_size=1, max_size=12, unique=True), st.lists(few_letters | any_letters))
@settings(deadline=None, max_examples=150)
def test_every_automaton_finds_what_a_plain_search_finds(words: list[str], others: list[str]) -> None:
    alphabet = Alphabet("".join((*words, *others)))
    haystack = alphabet.bytes_of(np.array([ord(c) for c in "".join((*others, *words))], dtype=np.uint32))
    sought = alphabet.words(words)
    for name in available():
        found, ends = automaton(sought, name).hits(haystack)
        hits = list(zip(found.tolist(), ends.tolist(), strict=True))
        assert set(hits) == _trie_hits(sought, haystack), name
        assert len(hits) == len(set(hits)), name


@pytest.mark.parametrize("name", AUTOMATA)
def test_long_words_that_begin_alike_are_told_apart(name: str) -> None:
    words = ["ab" * length for length in (1, 2, 3, 5, 8, 13, 21)] + ["ab" * 12 + "k", "b", "ba"]
    alphabet = Alphabet("abk")
    haystack = alphabet.bytes_of(np.array([ord(c) for c in "ab" * 14 + "k" + "ab" * 30], dtype=np.uint32))
    found, ends = automaton(alphabet.words(words), name).hits(haystack)
    assert set(zip(found.tolist(), ends.tolist(), strict=True)) == _trie_hits(alphabet.words(words), haystack)
    assert automaton(alphabet.words(words), name).hits(b"")[0].tolist() == []


def test_the_fast_extra_is_tried_here() -> None:
    assert set(available()) == set(AUTOMATA)


@relaxed
@given(st.lists(texts, max_size=12))
def test_a_batch_is_each_text_alone(pack: Pack, lines: list[str]) -> None:
    assert pack.check_many(lines) == [pack.check(line) for line in lines]


@pytest.mark.parametrize(
    "context",
    [
        CheckContext(speaker=Speaker.BUYER),
        CheckContext(origin=Origin.DRAFT, expects=frozenset(Expect), claims=(), resolved=False, translated=True),
        CheckContext(limits={"max_chars": 20}, text_language="zh"),
    ],
)
def test_a_batch_is_each_text_alone_in_every_context(pack: Pack, context: CheckContext) -> None:
    assert pack.check_many(CASES, context) == [pack.check(text, context) for text in CASES]


@pytest.fixture(scope="module")
def one_word() -> Pack:
    words = Words(zh="测量", en="test")
    made = Pattern(kind="pattern", patterns=(r"\bzuvak\b",))
    block = Severity.BLOCK
    rule = Rule(id="t.t", family="t", severity=block, reason=words, suggestion=words, source="t", matchers=(made,))
    return _pack(compile_rules([rule], FOLDERS.fold(), {}), None)


@relaxed
@given(
    st.sampled_from(["亲 ", "好的👌", "ok ", ""]),
    st.sampled_from([" ", ". ", "-", "·", "  "]),
    st.sampled_from(["", " 您", "!"]),
)
def test_letters_apart_are_a_word_to_a_batch_too(one_word: Pack, before: str, gap: str, after: str) -> None:
    text = before + gap.join("zuvak") + after
    assert one_word.check_many([text, "明天发货"] * 300)[0] == one_word.check(text)
    assert one_word.check("亲 z u v a k 您").findings


@pytest.fixture(scope="module")
def generic() -> dict[str, Any]:
    chosen, document = choose_pack(FOLDERS.packs(), "generic", None)
    return compile_pack(FOLDERS, chosen, document)


def test_the_first_texts_are_judged_as_all_others(pack: Pack, generic: dict[str, Any], compiled: Path) -> None:
    # Until triggers pay, a pack looks for everything; then it looks only for what the triggers wake.
    # Every sixth stretch: a pack of its own for each takes its time.
    for start in range(0, len(CASES), 360):
        first = _pack(generic, None, compiled)
        assert [first.check(text).findings for text in CASES[start : start + 60]] == [
            pack.check(text).findings for text in CASES[start : start + 60]
        ]


def test_neighbours_and_batch_borders_change_nothing(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = CASES * 2
    random.Random(7).shuffle(lines)
    alone = {line: pack.check(line) for line in lines}
    # What a batch costs hardly depends on its size: of the smallest ones a share is enough.
    for size, every in ((1, 12), (3, 5), (64, 1)):
        monkeypatch.setattr(pack_module, "_BATCH", size)
        some = lines[::every]
        assert pack.check_many(some) == [alone[line] for line in some]


def _pack(rules: dict[str, object], name: str | None, cache_dir: Path | None = None) -> Pack:
    learned, limits = load_learned(policy_folders()), {"max_chars": 500}
    return Pack("generic@test", rules, limits=limits, domains=(), automaton=name, learned=learned, cache_dir=cache_dir)


def test_both_matchers_come_to_the_same_verdicts(generic: dict[str, Any], compiled: Path) -> None:
    verdicts = [_pack(generic, name, compiled).check_many(CASES) for name in available()]
    assert all(other == verdicts[0] for other in verdicts)


def test_texts_in_which_nothing_is_found_share_a_verdict(pack: Pack) -> None:
    first, second = pack.check_many(["明天发货", "好的,稍等"])
    assert first.findings == ()
    assert first is second


def _texts_in(words: frozenset[str], text: str) -> bool:
    return any(word.replace(EDGE, "") in text for word in words)


def test_no_match_lacks_what_its_pattern_requires(pack: Pack) -> None:
    matches, bases = 0, [pack.folder.fold(text).base for text in CASES]
    encoded = [base.encode() for base in bases]
    for rule in RULES:
        for matcher in rule.matchers:
            for pattern in matcher.patterns if isinstance(matcher, Pattern) else ():
                required = clauses(pattern)
                expression = Expression(pattern, rule.id)
                # One look over all of them, none of which it may leave out, as is proved below.
                for base in (bases[at] for at in expression.among(encoded)):
                    if expression.found(base):
                        matches += 1
                        assert all(_texts_in(words, base) for words in required), (pattern, base)
    assert matches > 300


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """An expression with a text that it matches."""
    kind = draw(
        st.sampled_from(["word", "class", "some", "many", "either", "row", "group", "edge"] if depth else ["word"])
    )
    inner = expressions(depth=depth - 1)
    if kind == "word":
        word = draw(st.text(alphabet="ab微信 ", min_size=1, max_size=3))
        return word, word
    if kind == "class":
        return "[ab信]", draw(st.sampled_from("ab信"))
    if kind == "edge":
        pattern, text = draw(inner)
        return f"{pattern}[^,]{{0,2}}", text + draw(st.sampled_from(["", "x", "微x"]))
    if kind in {"some", "many"}:
        pattern, text = draw(inner)
        low, high = draw(st.sampled_from([(0, 1), (1, 3), (0, 4)]))
        times = draw(st.integers(low, high))
        sign = {(0, 1): "?", (1, 3): "{1,3}", (0, 4): "*"}[low, high]
        return f"(?:{pattern}){sign}", text * times
    if kind == "either":
        first, second = draw(inner), draw(inner)
        return f"(?:{first[0]}|{second[0]})", draw(st.sampled_from([first[1], second[1]]))
    if kind == "group":
        pattern, text = draw(inner)
        return f"(?P<hit>{pattern})", text
    parts = draw(st.lists(inner, min_size=2, max_size=3))
    return "".join(pattern for pattern, _ in parts).replace("(?P<hit>", "(?:"), "".join(text for _, text in parts)


@settings(deadline=None, max_examples=300)
@given(expressions())
def test_required_words_are_in_every_match(made: tuple[str, str]) -> None:
    pattern, text = made
    assert Expression(pattern, "here").found(text) or not text
    for words in clauses(pattern):
        assert _texts_in(words, text), (pattern, text, words)


def test_the_package_brings_no_web_database_or_model_code() -> None:
    code = (
        "import sys; from copilot.policy import load_pack; import copilot.policy.batch.search\n"
        "heavy = {'fastapi', 'sqlalchemy', 'psycopg', 'procrastinate', 'litellm', 'langgraph', 'presidio_analyzer'}\n"
        # What only some texts need is compiled when one comes.
        "late = {'copilot.policy.claims', 'copilot.policy.privacy.streets', 'copilot.policy.contact.phones'}\n"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules} | late & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parent)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


_LINES = st.lists(st.text("ab c,。微\n", max_size=6), max_size=12)
_MADE = st.sampled_from(
    [
        r"a+b",
        r"^a",
        r"b$",
        r"^$",
        r"a\s*b",
        r"(?:^|c)a*(?:$|,)",
        r"[^a]{0,4}b",
        r"(?s)a.*b",
        r"\bab\b",
        r"\Bb",
        r"\Aa|b\z",
        r"(?P<hit>微)[^。]*b",
        r"a*",
        r"[^b\n]+微|\[^a",
    ]
)


@given(_MADE, _LINES)
@settings(deadline=None, max_examples=400)
def test_an_expression_is_found_in_every_text_that_it_matches_however_they_stand_together(
    pattern: str, lines: list[str]
) -> None:
    expression = Expression(pattern)
    found = expression.among([line.encode() for line in lines])
    assert found == sorted(set(found))
    assert {at for at, line in enumerate(lines) if expression.found(line)} <= set(found)


def test_of_many_texts_an_expression_names_hardly_any_in_vain() -> None:
    lines = [b"abc", "微信".encode(), b"x", b"ab"] * 50
    assert Expression("ab$").among(lines) == list(range(3, 200, 4))
    assert Expression("z").among(lines) == []


@given(st.sampled_from([r"a+", r"微(?P<hit>b*)a?", r"(?P<hit>.)微", r"$|b"]), st.text("ab微😀", max_size=8))
@settings(deadline=None, max_examples=200)
def test_spans_count_characters(pattern: str, text: str) -> None:
    group = int("hit" in pattern)
    expected = [match.span(group) for match in re2.compile(pattern).finditer(text)]
    assert Expression(pattern).spans(text) == [span for span in expected if span[0] < span[1]]
