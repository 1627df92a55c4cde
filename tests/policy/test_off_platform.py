"""How much of what leads off the platform is seen, and how little else: sentences written before the rules were run."""

import json
from collections import Counter
from pathlib import Path

import pytest

from copilot.domain.verdict import Verdict
from copilot.policy import Pack

_ROWS = [json.loads(line) for line in (Path(__file__).parent / "data/off_platform.jsonl").read_text().splitlines()]
_INVITING = [row for row in _ROWS if row["label"] == "violates"]
_HONEST = [row for row in _ROWS if row["label"] == "allowed"]
_LEAST_SEEN, _MOST_HELD = 0.97, 0.02


def _blocked(pack: Pack, text: str) -> bool:
    return _holds(pack.check(text))


def _holds(verdict: Verdict) -> bool:
    return any(finding.family == "off_platform" and finding.severity == "block" for finding in verdict.findings)


def test_the_sample_is_large_and_says_nothing_twice() -> None:
    assert len(_INVITING) >= 300
    assert len(_HONEST) >= 300
    assert len({row["text"] for row in _ROWS}) == len(_ROWS)


@pytest.mark.feature("F090")
def test_nearly_every_invitation_is_held_in_every_disguise(pack: Pack) -> None:
    missed = [row for row in _INVITING if not _blocked(pack, row["text"])]
    assert len(missed) / len(_INVITING) <= 1 - _LEAST_SEEN, [row["text"] for row in missed]
    by_kind, missed_by_kind = Counter(row["kind"] for row in _INVITING), Counter(row["kind"] for row in missed)
    poor = {kind: missed_by_kind[kind] for kind, count in by_kind.items() if missed_by_kind[kind] > max(1, count // 5)}
    assert not poor


def test_hardly_any_near_miss_is_held(pack: Pack) -> None:
    held = [row["text"] for row in _HONEST if _blocked(pack, row["text"])]
    assert len(held) / len(_HONEST) <= _MOST_HELD, held


def test_ordinary_service_messages_pass(pack: Pack, folders: tuple[Path, ...]) -> None:
    lines = [line for file in sorted((folders[0] / "everyday").glob("*.txt")) for line in file.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    assert len(lines) >= 1000
    verdicts = zip(lines, pack.check_many(lines), strict=True)
    held = [line for line, verdict in verdicts if _holds(verdict)]
    assert len(held) / len(lines) <= 0.001, held


@pytest.mark.parametrize(
    ("refused", "invited"),
    [
        ("亲不能加微信的哦", "亲能不能加个微信"),
        ("我们这边不加微信", "怎么不加微信呢，加我呀"),
        ("您问线下能不能付，这个真不行", "您问便不便宜，线下付就便宜"),
        ("平台不让留电话，在这里说就好", "平台不让发图，加我微信看吧"),
        ("We can't take Venmo, only the checkout here", "Can't go lower here, Venmo me and I can"),
        ("You asked about WhatsApp, sadly no", "You asked for pics, WhatsApp me and I'll send them"),
        ("The watch shows your WhatsApp messages", "WhatsApp me, the watch pictures are ready"),
        ("退款走微信，1到3天到账", "微信上我把图发给您"),
    ],
)
def test_the_same_words_refuse_or_invite(pack: Pack, refused: str, invited: str) -> None:
    assert not _blocked(pack, refused)
    assert _blocked(pack, invited)
