"""What a replay finds, under which pack, and what it says it could not judge."""

from datetime import date
from pathlib import Path

import pytest

from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.replay.counting import add_not_judged
from copilot.replay.options import Side
from copilot.replay.packs import Packs
from copilot.replay.report import render
from copilot.replay.totals import Totals
from tests.replay.conftest import (
    TERMS,
    Replay,
    conversation,
    files_of,
    lines,
    many,
    rows_of,
    rules_found,
    said,
    write_pack,
    write_rule,
)


def _archive(tmp_path: Path, *conversations: object) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_bytes(lines(*conversations))
    return path


def test_a_finding_says_where_it_stands_and_what_to_say_instead(replay: Replay, tmp_path: Path) -> None:
    text = "亲,加微信看新款"
    path = _archive(tmp_path, conversation("c-1", said("buyer", "有新款吗"), said("agent", text, id="m-2")))
    replay("out", path)
    (row,) = rows_of(tmp_path / "out" / "findings.jsonl")
    assert row == {
        "archive": str(path),
        "line": 1,
        "conversation": "c-1",
        "message": "m-2",
        "index": 1,
        "sent_at": "2026-11-03T10:00:00+08:00",
        "shop": "teahouse",
        "role": "agent",
        "agent": "阿青",
        "sent_by": None,
        "recalled": False,
        "pack": "shop.cn@2026-11",
        "rule": "off_platform.chat",
        "family": "off_platform",
        "severity": "block",
        "start": 2,
        "end": 5,
        "text": "加微信",
        "reason": "不可以这样说",
        "suggestion": "换个说法",
        "excerpt": text,
        "excerpt_start": 2,
        "excerpt_end": 5,
    }


def test_every_message_is_judged_by_the_pack_of_its_day_in_the_shops_zone(replay: Replay, tmp_path: Path) -> None:
    claim = "我们全网第一"
    path = _archive(
        tmp_path,
        conversation("old", said("agent", claim, "2026-10-31")),
        conversation("new", said("agent", claim, "2026-11-01")),
        # Half past midnight of November in Shanghai is still October in UTC.
        conversation("zone", {**said("agent", claim), "sent_at": "2026-10-31T16:30:00Z"}),
        conversation("timeless", {"role": "agent", "text": claim}),
        conversation("ancient", said("agent", claim, "2019-01-01")),
    )
    totals = replay("out", path)
    assert [name for name, _ in rules_found(tmp_path / "out" / "findings.jsonl")] == ["new", "zone", "timeless"]
    assert totals.packs == {"shop.cn@2026-10": 2, "shop.cn@2026-11": 3}
    assert totals.pack_days == {
        "shop.cn@2026-10": ["2019-01-01", "2026-10-31"],
        "shop.cn@2026-11": ["2026-11-01", "2026-11-01"],
    }
    assert totals.marks == {"no_time": 1}
    assert set(totals.weeks) == {"2019-W01", "2026-W44", ""}


def test_a_pinned_pack_or_day_overrides_the_messages_own(replay: Replay, tmp_path: Path) -> None:
    path = _archive(tmp_path, conversation("c", said("agent", "我们全网第一", "2026-10-05")))
    assert not replay("own", path).rules
    assert replay("pinned", path, pack="shop.cn@2026-11").rules == {"absolute_claim.top": {"warn": 1, "messages": 1}}
    assert replay("day", path, as_of=date(2026, 12, 1)).packs == {"shop.cn@2026-11": 1}
    assert replay("past", path, as_of=date(2026, 10, 2)).packs == {"shop.cn@2026-10": 1}


def test_a_pack_that_extends_another_has_the_base_of_the_messages_day(
    replay: Replay, rules: Path, tmp_path: Path
) -> None:
    # The base of October does not know big words, that of November does; the pack above them is older than both.
    write_pack(rules, "2026-05-01", "structure", name="mine", extends="between")
    write_pack(rules, "2026-06-01", "structure", name="between", extends="shop.cn")
    write_pack(rules, "2026-05-01", "structure", name="pinned", extends="shop.cn@2026-10")
    days = ("2026-04-01", "2026-09-30", "2026-10-31", "2026-11-01")
    path = _archive(tmp_path, *(conversation(day, said("agent", "我们全网第一", day)) for day in days))
    for pack in ("mine", "mine@2026-05"):
        totals = replay("out", path, pack=pack)
        assert [name for name, _ in rules_found(tmp_path / "out" / "findings.jsonl")] == ["2026-11-01"]
        assert totals.packs == {"mine@2026-05": 4}
    assert not replay("out", path, pack="pinned").rules
    assert not replay("out", path, pack="mine", as_of=date(2026, 10, 31)).rules
    assert replay("out", path, pack="mine", as_of=date(2026, 11, 1)).rules["absolute_claim.top"]["messages"] == 4
    found = replay("out", path, pack="mine", against="pinned").changes
    assert found is not None
    assert found.rules == {"absolute_claim.top": {"caught": 1}}


def test_a_pack_without_a_change_of_its_base_is_loaded_once(rules: Path) -> None:
    write_pack(rules, "2026-05-01", "structure", name="pinned", extends="shop.cn@2026-10")
    packs = Packs(Side("pinned", (rules,)), None)
    assert len(packs.packs) == 1
    assert Packs(Side("shop.cn", (rules,)), None).days == ("2026-10-01", "2026-11-01")


def test_a_rule_that_spoke_and_still_misses_an_answer_is_listed() -> None:
    missing = {"off_platform.hint": "no_judgements"}
    totals = Totals(rules={"off_platform.hint": {"block": 1, "messages": 1}})
    add_not_judged(totals, missing, 2)
    assert totals.not_judged == {"off_platform.hint": {"no_judgements": 2}}
    assert "no model was asked" in render(totals, "en")


def test_what_only_the_other_version_could_not_judge_is_listed(replay: Replay, rules: Path, tmp_path: Path) -> None:
    write_pack(rules, "2026-05-01", "off_platform", name="bare")
    path = _archive(tmp_path, conversation("c", said("agent", "好的"), said("agent", "加微信")))
    wanted = {"structure.question": {"not_asked": 2}}
    assert replay("out", path, pack="bare", against="shop.cn").not_judged == wanted
    assert replay("out", path, pack="shop.cn", against="bare").not_judged == wanted
    assert replay("out", path, pack="shop.cn", against="shop.cn@2026-10").not_judged == wanted


def test_who_speaks_decides_which_rules_judge(replay: Replay, tmp_path: Path) -> None:
    bad = "加微信,你们是骗子"
    path = _archive(
        tmp_path,
        conversation("c", *(said(role, bad) for role in ("buyer", "agent", "bot", "system"))),
    )
    totals = replay("out", path)
    found = [(row["role"], row["rule"]) for row in rows_of(tmp_path / "out" / "findings.jsonl")]
    assert found == [("buyer", "abuse.buyer"), ("agent", "off_platform.chat"), ("bot", "off_platform.chat")]
    assert totals.messages == {"buyer": 1, "agent": 1, "bot": 1, "system": 1}
    assert {role: group.decisions for role, group in totals.speakers.items()} == {
        "buyer": {"pass": 1},
        "agent": {"pass": 0, "block": 1},
        "bot": {"pass": 0, "block": 1},
    }
    assert list(totals.agents) == ["阿青"]
    assert totals.shops["teahouse"].messages == 2


def test_recalled_and_automatic_messages_are_judged_and_marked(replay: Replay, tmp_path: Path) -> None:
    path = _archive(
        tmp_path,
        conversation(
            "c",
            said("agent", "加微信", recalled_at="2026-11-03T10:01:00+08:00"),
            said("bot", "加微信", sent_by="auto"),
            said("agent", "加微信", kind="product_card"),
            said("agent", ""),
        ),
    )
    totals = replay("out", path)
    rows = rows_of(tmp_path / "out" / "findings.jsonl")
    assert [(row["index"], row["recalled"], row["sent_by"]) for row in rows] == [(0, True, None), (1, False, "auto")]
    assert totals.marks == {"recalled": 1, "auto": 1, "not_text": 1, "empty": 1}


def test_rules_that_could_not_be_judged_are_counted_with_the_reason(replay: Replay, tmp_path: Path) -> None:
    path = _archive(tmp_path, conversation("c", said("agent", "好的"), said("agent", "加微信"), said("buyer", "嗯嗯")))
    totals = replay("out", path)
    assert totals.not_judged == {"structure.question": {"not_asked": 2}}
    assert set(totals.catalogue) == {"structure.question", "off_platform.chat"}


def test_personal_data_is_starred_and_the_finding_stays_readable(replay: Replay, tmp_path: Path) -> None:
    text = "亲加微信,电话13812345678随时打我,谢谢"
    path = _archive(tmp_path, conversation("c", said("buyer", "我的电话是13912345678哦"), said("agent", text)))
    replay("masked", path)
    written = b"".join(files_of(tmp_path / "masked").values()).decode()
    assert "13812345678" not in written
    assert "13912345678" not in written
    rows = rows_of(tmp_path / "masked" / "findings.jsonl")
    assert [row["rule"] for row in rows] == ["off_platform.chat", "off_platform.phone"]
    assert rows[0]["text"] == "加微信"
    for row in rows:
        assert "加微信" in row["excerpt"]
        assert row["excerpt"][row["excerpt_start"] : row["excerpt_end"]] == row["text"]
        # The places are those of the original, whatever is shown.
        assert text[row["start"] : row["end"]] in ("加微信", "13812345678")
    replay("open", path, masked=False)
    assert rows_of(tmp_path / "open" / "findings.jsonl")[1]["text"] == "13812345678"


def test_an_excerpt_of_a_long_message_is_short_and_its_span_right(replay: Replay, tmp_path: Path) -> None:
    text = "好的亲" * 2000 + "加微信" + "13812345678" + "谢谢您" * 2000
    path = _archive(tmp_path, conversation("c", said("agent", text)))
    replay("out", path)
    row = rows_of(tmp_path / "out" / "findings.jsonl")[0]
    assert (row["start"], row["end"]) == (6000, 6003)
    assert len(row["excerpt"]) < 200
    assert row["excerpt"][row["excerpt_start"] : row["excerpt_end"]] == "加微信"
    assert "13812345678" not in row["excerpt"]


def test_sums_agree_with_the_findings(replay: Replay, tmp_path: Path) -> None:
    conversations = many()
    totals = replay("out", _archive(tmp_path, *conversations))
    rows = rows_of(tmp_path / "out" / "findings.jsonl")
    messages = [message for one in conversations for message in one["messages"]]
    assert sum(totals.messages.values()) == len(messages)
    assert sum(group.messages for group in totals.speakers.values()) == len(messages)
    for rule, counts in totals.rules.items():
        assert sum(counts[name] for name in ("block", "warn", "info") if name in counts) == sum(
            row["rule"] == rule for row in rows
        )
    for groups, key in ((totals.agents, "agent"), (totals.shops, "shop")):
        for name, group in groups.items():
            shop_side = [row for row in rows if row[key] == name and row["role"] != "buyer"]
            assert sum(group.rules.values()) == len(shop_side)
            assert sum(group.decisions.values()) == group.messages
    assert sum(group.messages for group in totals.weeks.values()) == totals.messages["agent"]


def test_examples_are_distinct_and_few(replay: Replay, tmp_path: Path) -> None:
    conversations = [conversation(f"c-{at}", said("agent", f"加微信 {at % 40}")) for at in range(200)]
    totals = replay("out", _archive(tmp_path, *conversations))
    examples = [sample["excerpt"] for sample in totals.samples["off_platform.chat"].listed()]
    assert len(examples) == len(set(examples)) == 12
    assert len(totals.coaching["阿青|off_platform.chat"].listed()) == 2


def test_two_versions_are_compared_by_rule_agent_and_shop(replay: Replay, rules: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    for path in rules.rglob("*.yaml"):
        copy = new / path.relative_to(rules)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    write_rule(new, "off_platform.chat", TERMS.format("加个薇信, 加扣扣"), severity="block")
    write_rule(new, "absolute_claim.top", TERMS.format("全网第一"), severity="block")
    path = _archive(
        tmp_path,
        conversation("caught", said("agent", "可以加扣扣")),
        conversation("released", said("agent", "可以加微信")),
        conversation("changed", said("agent", "我们全网第一")),
        conversation("same", said("agent", "加个薇信")),
    )
    totals = replay("out", path, policies=new, against_policies=rules)
    rows = rows_of(tmp_path / "out" / "diff.jsonl")
    assert [(row["conversation"], row["change"], row["rule"], row["severity"]) for row in rows] == [
        ("caught", "caught", "off_platform.chat", "block"),
        ("released", "released", "off_platform.chat", "block"),
        ("changed", "changed", "absolute_claim.top", "block"),
    ]
    assert rows[2]["before"] == {"severity": "warn", "start": 2, "end": 6}
    changes = totals.changes
    assert changes is not None
    assert changes.messages == 3
    assert changes.decisions == {"pass>block": 1, "block>pass": 1, "warn>block": 1}
    assert changes.rules == {"off_platform.chat": {"caught": 1, "released": 1}, "absolute_claim.top": {"changed": 1}}
    assert changes.agents == {"阿青": {"caught": 1, "released": 1, "changed": 1}}
    assert changes.shops == {"teahouse": {"caught": 1, "released": 1, "changed": 1}}
    assert set(changes.samples) == {
        "off_platform.chat|caught",
        "off_platform.chat|released",
        "absolute_claim.top|changed",
    }


def test_two_dated_packs_are_compared_and_without_a_second_there_is_no_diff(replay: Replay, tmp_path: Path) -> None:
    path = _archive(tmp_path, conversation("c", said("agent", "我们全网第一")))
    totals = replay("out", path, pack="shop.cn@2026-11", against="shop.cn@2026-10")
    assert totals.changes is not None
    assert totals.changes.rules == {"absolute_claim.top": {"caught": 1}}
    assert replay("out", path).changes is None
    assert not (tmp_path / "out" / "diff.jsonl").exists()


def test_a_broken_rule_ends_the_run_before_anything_is_written(replay: Replay, rules: Path, tmp_path: Path) -> None:
    path = _archive(tmp_path, conversation("c", said("agent", "加微信")))
    replay("out", path)
    before = files_of(tmp_path / "out")
    broken = write_rule(rules, "off_platform.chat", "  - {kind: terms, term: [加微信]}")
    with pytest.raises(PolicyFileError, match=rf"{broken.name}:\d+"):
        replay("out", path)
    assert files_of(tmp_path / "out") == before
    with pytest.raises(BadConfiguration, match="unknown policy pack"):
        replay("other", path, pack="nope")
    assert not (tmp_path / "other").exists()
