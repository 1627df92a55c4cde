"""Flow replay from archive to files: the same turns, drafts and offers however the work is spread."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.domain.errors import BadConfiguration, BadInput, PolicyFileError
from copilot.model.scripted import ScriptedModel
from copilot.replay.archives import find_archives
from copilot.replay.drafts import run as running
from copilot.replay.drafts.reading import Reading
from copilot.replay.drafts.recorded import RecordingModel
from copilot.replay.drafts.run import run
from copilot.replay.drafts.totals import DRAFTS, OFFERS, DraftTotals, merged
from copilot.replay.drafts.work import Batch, Drafting, Found
from copilot.replay.mapping import RowMapping
from tests.replay.flow_made import PHONE, Make, archive, conversation, earlier, found, message, rows


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Make:
    return Make(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def cheaper(tmp_path_factory: pytest.TempPathFactory, settings: Make) -> Path:
    """An earlier version of the policies, whose partial refund was a tenth of the price."""
    return earlier(settings, tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, settings: Make, cheaper: Path) -> tuple[Path, DraftTotals]:
    """One run over the archive, compared with the earlier playbooks."""
    out = tmp_path_factory.mktemp("first")
    return out, run(found(archive()), settings(against=f"playbooks@{cheaper}"), out)


def test_every_buyer_turn_is_drafted_or_explains_its_silence(first: tuple[Path, DraftTotals]) -> None:
    out, totals = first
    drafts = rows(out)
    assert [(row["conversation"], row["turn"], row["index"]) for row in drafts] == [
        ("c1", 1, 0),
        ("c1", 2, 3),
        ("c2", 1, 0),
        ("c3", 1, 0),
        ("c4", 1, 1),
    ]
    assert all((row["draft"] is None) == (row["reason"] is not None) for row in drafts)
    assert drafts[0]["issue"] == "damaged"
    assert {option["key"] for option in drafts[0]["draft"]["options"]} >= {"refund_keep"}
    assert drafts[0]["answer"] == "亲 稍等哦"
    assert drafts[0]["agent"] == "阿青"
    # The shop has not decided how it issues invoices: a person checks and returns.
    assert drafts[3]["draft"]["act"] == "hold"
    assert totals.turns == 5
    assert totals.drafted == sum(row["reason"] is None for row in drafts)
    assert totals.turns - totals.drafted == sum(totals.silent.values())
    assert totals.issues["damaged"] == 2
    assert totals.verdicts["pass"] == totals.drafted
    assert totals.shops == {"南山陶物": 4, "小叮数码": 1}


def test_personal_data_is_masked_unless_told_otherwise(
    first: tuple[Path, DraftTotals], settings: Make, tmp_path: Path
) -> None:
    out, totals = first
    assert PHONE not in (out / DRAFTS).read_text(encoding="utf-8")
    assert PHONE not in json.dumps(totals.as_json())
    plain = run(found(archive()[:1]), settings(masked=False), tmp_path)
    assert PHONE in rows(tmp_path)[0]["buyer"]
    assert plain.drafted


def test_other_playbooks_show_changed_offers_and_what_they_cost(first: tuple[Path, DraftTotals]) -> None:
    out, totals = first
    offers = rows(out, OFFERS)
    assert {row["conversation"] for row in offers} == {"c1"}
    row = offers[0]
    assert row["change"] == "other_cost"
    amounts = [
        next(one["gives"]["amount"] for one in row[side]["options"] if one["key"] == "refund_keep")
        for side in ("before", "now")
    ]
    assert amounts == ["5.99 CNY", "29.95 CNY"]
    assert row["cost"]["currency"] == "CNY"
    assert row["cost"]["before"][0] == 599
    assert row["cost"]["now"][0] == 2995
    assert totals.changed == len(offers)
    assert totals.changed_shops == {"南山陶物": len(offers)}
    # Both turns are about one matter, which is paid once.
    assert totals.costs["南山陶物"]["CNY"][:2] == [1, 2995]
    assert totals.costs_before["南山陶物"]["CNY"][:2] == [1, 599]


def test_the_same_playbooks_change_nothing(settings: Make, tmp_path: Path) -> None:
    same = settings(against=f"playbooks@{settings.policies}")
    totals = run(found(archive()), same, tmp_path)
    assert totals.changed == 0
    assert (tmp_path / OFFERS).read_bytes() == b""
    assert totals.costs == totals.costs_before


def test_a_folder_with_one_playbook_lies_over_those_in_force(settings: Make, tmp_path: Path) -> None:
    layer = tmp_path / "layer" / "playbooks"
    layer.mkdir(parents=True)
    text = (settings.policies / "playbooks" / "damaged.yaml").read_text(encoding="utf-8")
    (layer / "damaged.yaml").write_text(text, encoding="utf-8")
    totals = run(found(archive()), settings(against=f"playbooks@{layer}"), tmp_path / "out")
    assert totals.changed == 0
    assert totals.against == "playbooks@layer"


def test_processes_and_a_second_run_give_the_same_bytes(
    first: tuple[Path, DraftTotals], cheaper: Path, settings: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, totals = first
    monkeypatch.setattr(running, "BATCH", 2)
    begun: list[int] = []
    real = running.spread

    def spread_over(*asked: Any) -> Any:
        begun.append(asked[2])
        return real(*asked)

    monkeypatch.setattr(running, "spread", spread_over)
    spread = run(found(archive()), settings(against=f"playbooks@{cheaper}"), tmp_path, workers=2)
    assert (tmp_path / DRAFTS).read_bytes() == (out / DRAFTS).read_bytes()
    assert (tmp_path / OFFERS).read_bytes() == (out / OFFERS).read_bytes()
    assert json.dumps(spread.as_json()) == json.dumps(totals.as_json())
    assert begun == [2]


def test_for_a_single_batch_no_process_is_begun(
    first: tuple[Path, DraftTotals], cheaper: Path, settings: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "spread", lambda *_: pytest.fail("a process was begun"))
    totals = run(found(archive()), settings(against=f"playbooks@{cheaper}"), tmp_path, workers=2)
    assert json.dumps(totals.as_json()) == json.dumps(first[1].as_json())


def test_parts_add_up_to_the_whole(
    first: tuple[Path, DraftTotals], cheaper: Path, settings: Make, tmp_path: Path
) -> None:
    whole = settings(against=f"playbooks@{cheaper}")
    values = list(found(archive()))
    parts = [run(values[at::2], whole, tmp_path / str(at)).as_json() for at in range(2)]
    assert json.dumps(merged(parts)) == json.dumps(first[1].as_json())
    assert json.dumps(merged(parts[::-1])) == json.dumps(first[1].as_json())


def test_an_interrupted_run_keeps_what_was_done(settings: Make, tmp_path: Path) -> None:
    def broken_off() -> Iterator[Found]:
        for _ in range(9):
            yield from found(archive()[1:2] * 4)
        raise KeyboardInterrupt

    totals = run(broken_off(), settings(), tmp_path)
    assert totals.partial
    assert 0 < totals.conversations < 36
    assert len(rows(tmp_path)) == totals.turns


def test_an_interrupted_run_goes_on_to_the_same_bytes(
    settings: Make, cheaper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    wanted = settings(against=f"playbooks@{cheaper}")
    values = archive() * 3

    def until(last: int) -> Iterator[Found]:
        yield from found(values[:last])
        raise KeyboardInterrupt

    whole = run(found(values), wanted, tmp_path / "whole")
    out = tmp_path / "out"
    first = run(until(7), wanted, out, identity=["a"])
    assert first.partial
    # What a killed process wrote after its last state is cut off again.
    with (out / DRAFTS).open("a") as drafts:
        drafts.write("half a li")
    again = run(found(values), wanted, out, identity=["a"], resume=True)
    assert not again.partial
    assert json.dumps(again.as_json()) == json.dumps(whole.as_json())
    for name in (DRAFTS, OFFERS):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert sorted(path.name for path in out.iterdir()) == [DRAFTS, OFFERS]


def test_a_run_goes_on_only_where_nothing_has_changed(
    settings: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)

    def until(last: int) -> Iterator[Found]:
        yield from found(archive()[:last])
        raise KeyboardInterrupt

    def drafted_again(identity: list[str]) -> list[int]:
        """The lines that a resumed run drafts after two conversations were done."""
        run(until(2), settings(), tmp_path, identity=["a"])
        lines: list[int] = []
        whole = Drafting.batch

        def batch(self: Drafting, conversations: list[Found]) -> Batch:
            lines.extend(one.line for one in conversations)
            return whole(self, conversations)

        with monkeypatch.context() as patched:
            patched.setattr(Drafting, "batch", batch)
            run(found(archive()), settings(), tmp_path, identity=identity, resume=True)
        return lines

    assert drafted_again(["a"]) == [3, 4]
    assert drafted_again(["b"]) == [1, 2, 3, 4]
    rule = settings.policies / "rules" / "abuse" / "fool.yaml"
    text = rule.read_text(encoding="utf-8")
    run(until(2), settings(), tmp_path, identity=["a"])
    rule.write_text(text.replace("[笨蛋]", "[傻瓜]"), encoding="utf-8")
    try:
        run(until(1), settings(), tmp_path, identity=["a"], resume=True)
    finally:
        rule.write_text(text, encoding="utf-8")
    assert len(rows(tmp_path)) == 2


def test_what_cannot_be_drafted_is_counted_and_stops_nothing(settings: Make, tmp_path: Path) -> None:
    broken = [
        {"id": "x"},
        {"messages": []},
        conversation(9, message("buyer", "在吗", "10:00"), orders=[{"status": "flying"}]),
        conversation(8, {"role": "buyer", "text": "快递\ud800到哪了", "sent_at": "9999-12-31T23:59:59"}),
        conversation(7, {"role": "martian", "text": "?"}, {"role": "buyer", "text": None}, {"role": "buyer"}),
        conversation(6, message("buyer", "长" * 1_000_000, "10:00")),
    ]
    totals = run(found([*broken, *archive()[1:2]]), settings(), tmp_path)
    assert sum(totals.unfit.values()) == 3
    assert any(why.startswith("orders") for why in totals.unfit)
    assert not any("flying" in why for why in totals.unfit)
    drafts = {row["conversation"]: row for row in rows(tmp_path)}
    assert drafts["c8"]["buyer"] == "快递?到哪了"
    assert drafts["c2"]["reason"] is None
    assert not totals.silent["failed"]


@pytest.mark.parametrize("name", ["playbooks@nowhere", "playbooks@{empty}", "playbooks@{broken}"])
def test_playbooks_that_cannot_be_used_end_the_run_before_it_begins(name: str, settings: Make, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "broken" / "playbooks"
    broken.mkdir(parents=True)
    (broken / "damaged.yaml").write_text("issue: damaged\nscenes: [\n", encoding="utf-8")
    named = name.format(empty=tmp_path / "empty", broken=tmp_path / "broken")
    with pytest.raises(BadConfiguration) as raised:
        run(found(archive()), settings(against=named), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    if "broken" in name:
        assert isinstance(raised.value, PolicyFileError)
        assert "damaged.yaml:" in str(raised.value)


def test_archives_older_than_the_rules_are_drafted_by_the_first_ones(settings: Make, tmp_path: Path) -> None:
    old = conversation(1, {"role": "buyer", "text": "我的快递到哪了", "sent_at": "2019-03-01T10:00:00+08:00"})
    totals = run(found([old]), settings(), tmp_path)
    assert totals.drafted == 1
    assert rows(tmp_path)[0]["sent_at"].startswith("2019-03-01")


SLOTS = {"explanation": "您的消息我都看到了,我先看一下现在的情况。", "closing": "这样您觉得行不行?"}


def test_answers_are_recorded_and_replayed(settings: Make, tmp_path: Path) -> None:
    asked = archive()[1:2]
    recording = tmp_path / "answers.jsonl"
    scripted = ScriptedModel([json.dumps(SLOTS, ensure_ascii=False)])
    with recording.open("a", encoding="utf-8") as file:
        made = run(found(asked), settings(), tmp_path / "made", model=RecordingModel(scripted, file))
    assert made.written_by == {"model": 1}
    assert len(scripted.questions) == 1
    played = settings(recorded=recording)
    again = run(found(asked), played, tmp_path / "again")
    assert again.written_by == {"model": 1}
    assert (tmp_path / "again" / DRAFTS).read_bytes() == (tmp_path / "made" / DRAFTS).read_bytes()
    assert SLOTS["explanation"] in rows(tmp_path / "again")[0]["draft"]["text"]
    # What was never asked is composed and says why.
    other = run(found(archive()[:1]), played, tmp_path / "other")
    assert other.written_by == {"composer": other.drafted}
    assert set(other.composed_because) == {"model_unavailable"}


def test_a_broken_recording_is_told_by_its_line(settings: Make, tmp_path: Path) -> None:
    recording = tmp_path / "answers.jsonl"
    recording.write_text('{"prompt":"p","model":"m","text":"{}"}\n\n{"prompt": 1}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"answers\.jsonl:3"):
        run(found(archive()), settings(recorded=recording), tmp_path / "out")


def test_every_kind_of_archive_gives_its_conversations(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(value, ensure_ascii=False) for value in archive())
    (tmp_path / "a.jsonl").write_text(f"{lines}\nnot json\n[]\n", encoding="utf-8")
    table = "conversation,role,text,shop\nq1,买家,到哪了,店A\nq1,客服,稍等,店A\nq2,buyer,在吗,店B\n,buyer,hi,\n"
    (tmp_path / "b.csv").write_text(table, encoding="utf-8")
    inbox = {"id": 12, "messages": [{"id": 1, "message_type": 0, "content": "where is it", "created_at": 1796000000}]}
    (tmp_path / "c.json").write_text(json.dumps([inbox]), encoding="utf-8")
    archives, _ = find_archives([tmp_path])
    whole = list(Reading(archives, RowMapping()).conversations())
    assert [(Path(one.archive).name, one.line) for one in whole] == [
        ("a.jsonl", 1),
        ("a.jsonl", 2),
        ("a.jsonl", 3),
        ("a.jsonl", 4),
        ("b.csv", 2),
        ("b.csv", 4),
        ("b.csv", 5),
        ("c.json", 1),
    ]
    assert [one["role"] for one in whole[4].value["messages"]] == ["buyer", "agent"]
    parts = [Reading(archives, RowMapping(), (k, 3)).conversations() for k in (1, 2, 3)]
    split = [one for part in parts for one in part]
    assert sorted(split, key=lambda one: (one.archive, one.line)) == whole
    assert max(len(list(Reading(archives, RowMapping(), (k, 3)).conversations())) for k in (1, 2, 3)) < len(whole)
