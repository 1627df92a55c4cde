"""Every form an archive can have gives the same findings; every kind of damage is counted and told, never a crash."""

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
import zstandard

from copilot.domain.errors import BadConfiguration, BadInput, PolicyFileError
from copilot.replay import parquet as parquet_files
from copilot.replay.archives import find_archives
from copilot.replay.mapping import RowMapping, read_mapping
from tests.replay.conftest import Replay, conversation, lines, many, rows_of, rules_found, said

COLUMNS = ("conversation_id", "role", "text", "sent_at", "agent", "shop", "message_id")


def _rows(conversations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": one["id"],
            "role": message["role"],
            "text": message["text"],
            "sent_at": message["sent_at"],
            "agent": message.get("agent"),
            "shop": one["shop"],
            "message_id": f"m-{at}",
        }
        for one in conversations
        for at, message in enumerate(one["messages"])
    ]


def _csv(rows: list[dict[str, Any]], **options: Any) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    data = io.BytesIO()
    columns = {name: [row[name] for row in rows] for name in COLUMNS if name != "sent_at"}
    times = [datetime.fromisoformat(row["sent_at"]).astimezone(UTC) for row in rows]
    columns["sent_at"] = pyarrow.array(times, pyarrow.timestamp("ns", "UTC"))
    pyarrow.parquet.write_table(pyarrow.table(columns), data)
    return data.getvalue()


def _chatwoot(conversations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {"buyer": 0, "agent": 1, "system": 2, "bot": 3}
    return [
        {
            "id": one["id"],
            "inbox": {"id": 3, "name": one["shop"]},
            "messages": [
                {
                    "id": at,
                    "content": message["text"],
                    "message_type": kinds[message["role"]],
                    "created_at": int(datetime.fromisoformat(message["sent_at"]).timestamp()),
                    "content_type": "text",
                    "private": False,
                    "sender": {"id": 1, "name": message.get("agent", "小满"), "type": "user"},
                }
                for at, message in enumerate(one["messages"])
            ],
        }
        for one in conversations
    ]


def _dumped(value: object, **options: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, **options).encode()


FORMS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "a.jsonl": lambda all_: lines(*all_),
    "a.ndjson.gz": lambda all_: gzip.compress(lines(*all_)),
    "two-members.jsonl.gz": lambda all_: gzip.compress(lines(*all_[:9])) + gzip.compress(lines(*all_[9:])),
    "a.jsonl.zst": lambda all_: zstandard.compress(lines(*all_)),
    "bom.jsonl": lambda all_: b"\xef\xbb\xbf" + lines(*all_),
    "windows.jsonl": lambda all_: lines(*all_).replace(b"\n", b"\r\n").rstrip(),
    "a.csv": lambda all_: _csv(_rows(all_)),
    "a.csv.gz": lambda all_: gzip.compress(_csv(_rows(all_))),
    "semicolons.csv": lambda all_: _csv(_rows(all_), delimiter=";"),
    "excel.csv": lambda all_: _csv(_rows(all_)).decode().encode("utf-16"),
    "a.tsv": lambda all_: _csv(_rows(all_), delimiter="\t"),
    "a.parquet": lambda all_: _parquet(_rows(all_)),
    "list.json": lambda all_: _dumped(_chatwoot(all_), indent=1),
    "payload.json": lambda all_: _dumped({"data": {"meta": {"count": 9}, "payload": _chatwoot(all_)}}),
    "rows.json.zst": lambda all_: zstandard.compress(lines(*_chatwoot(all_))),
    "ours.json": lambda all_: _dumped(all_),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_findings(name: str, replay: Replay, tmp_path: Path, small_pieces: None) -> None:
    conversations = many(30)
    plain, other = tmp_path / "plain.jsonl", tmp_path / name
    plain.write_bytes(lines(*conversations))
    other.write_bytes(FORMS[name](conversations))
    wanted, found = replay("plain", plain), replay("other", other)
    assert not found.rejected, (tmp_path / "other" / "rejected.jsonl").read_text()
    keys = ("conversation", "rule", "severity", "start", "end", "text", "shop", "role", "pack", "excerpt", "agent")
    told = [
        [tuple(row[key] for key in keys) for row in rows_of(tmp_path / out / "findings.jsonl")]
        for out in ("plain", "other")
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 15
    assert found.shops == wanted.shops
    assert found.agents == wanted.agents
    assert found.weeks == wanted.weeks
    assert sum(one["conversations"] for one in found.archives.values()) == len(conversations)


def test_a_line_number_finds_the_message_again(replay: Replay, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('role,text\nagent,"好的\n亲"\n\nagent,加微信\n', encoding="utf-8")
    replay("out", path)
    (row,) = rows_of(tmp_path / "out" / "findings.jsonl")
    assert (row["line"], row["conversation"]) == (5, f"{path}:5")


def test_a_conversation_that_goes_on_in_the_next_piece_is_counted_once(
    replay: Replay, tmp_path: Path, small_pieces: None
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(_csv(_rows([conversation(name, *[said("agent", "好")] * 20) for name in ("one", "two", "one")])))
    assert replay("out", path).archives[str(path)] == {"conversations": 3, "messages": 60, "rejected": 0}


def test_a_plain_two_column_table_is_read_through_a_mapping_file(replay: Replay, tmp_path: Path) -> None:
    path, mapping = tmp_path / "old.csv", tmp_path / "map.yaml"
    path.write_bytes("店小二|2026/10/31 23:30|加微信吧\n访客|2026/11/1 0:10|全网第一\n".encode("gb18030"))
    mapping.write_text(
        "columns: {role: 1, sent_at: 2, text: 3}\nheader: false\ndelimiter: '|'\nencoding: gb18030\n"
        "roles: {店小二: agent, 访客: buyer}\nconstants: {shop: 老店, agent: 某人}\ntimezone: America/New_York\n",
        encoding="utf-8",
    )
    totals = replay("out", path, mapping=read_mapping(mapping))
    (row,) = rows_of(tmp_path / "out" / "findings.jsonl")
    # Half past eleven in New York is the next day in Shanghai, where the pack's days are.
    assert (row["rule"], row["shop"], row["agent"], row["pack"]) == (
        "off_platform.chat",
        "老店",
        "某人",
        "shop.cn@2026-11",
    )
    assert totals.messages == {"agent": 1, "buyer": 1}


def test_a_mapping_file_names_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    for text, told in (
        ("columns: {rolle: a}\n", r"map.yaml:1: .*rolle"),
        ("\nencodin: utf-8\n", r"map.yaml:2: .*did you mean 'encoding'"),
        ("encoding: klingon\n", "encoding klingon is unknown"),
        ("header: false\ncolumns: {text: said}\n", "numbered from 1"),
        ("columns: {text: 3}\n", "numbered from 1"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyFileError, match=told):
            read_mapping(path)


def test_chatwoot_notes_bots_and_deleted_messages(replay: Replay, tmp_path: Path) -> None:
    def message(kind: object, text: str | None, **more: object) -> dict[str, object]:
        return {"id": 1, "content": text, "message_type": kind, "created_at": 1_793_700_000, **more}

    path = tmp_path / "a.json"
    value = {
        "id": 77,
        "inbox_id": 4,
        "messages": [
            message(1, "加微信", private=True),
            message("outgoing", "加微信", sender={"name": "helper", "type": "agent_bot"}),
            message("template", "加微信"),
            message("outgoing", "加微信", content_attributes={"deleted": True}, sender={"name": "小满"}),
            message("activity", "加微信"),
            message("incoming", None),
            message(9, "加微信"),
        ],
    }
    path.write_bytes(_dumped([value]))
    totals = replay("out", path)
    rows = rows_of(tmp_path / "out" / "findings.jsonl")
    assert [(row["role"], row["agent"], row["recalled"]) for row in rows] == [
        ("bot", "helper", False),
        ("bot", "", False),
        ("agent", "小满", True),
    ]
    assert (rows[0]["conversation"], rows[0]["shop"]) == ("77", "4")
    assert totals.marks == {"private": 1, "recalled": 1, "empty": 1}
    assert totals.rejected == {"shape": 1}


def test_a_folder_is_read_sorted_and_hidden_or_foreign_files_are_left(tmp_path: Path) -> None:
    for name in ("b/z.jsonl", "b/a.csv.gz", "a.PARQUET", ".hidden/x.jsonl", "b/.x.csv", "notes.txt", "c.json"):
        path = tmp_path / "all" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    archives, empty = find_archives([tmp_path / "all", tmp_path / "all" / "c.json"])
    root = str(tmp_path / "all")
    assert [archive.name.removeprefix(root + "/") for archive in archives] == [
        "a.PARQUET",
        "b/a.csv.gz",
        "b/z.jsonl",
        "c.json",
    ]
    assert not empty


def test_a_name_that_is_no_text_breaks_no_output(replay: Replay, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    path.write_bytes(lines(conversation("c", said("agent", "加微信"))) + b"broken\n")
    assert replay("out", path).rejected == {"json": 1}
    assert rows_of(tmp_path / "out" / "findings.jsonl")[0]["archive"].endswith("caf\ufffd.jsonl")


def test_a_path_that_is_not_there_or_holds_nothing(replay: Replay, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(BadInput, match="no such file"):
        find_archives([tmp_path / "typo.jsonl"])
    with pytest.raises(BadInput, match="folder without archives"):
        find_archives([tmp_path / "nothing"])
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(conversation("c", said("agent", "加微信"))))
    totals = replay("out", tmp_path / "nothing", path)
    assert totals.rejected == {"nothing": 1}
    assert rows_of(tmp_path / "out" / "rejected.jsonl")[0]["file"] == str(tmp_path / "nothing")
    assert rules_found(tmp_path / "out" / "findings.jsonl") == [("c", "off_platform.chat")]


GOOD = conversation("good", said("agent", "加微信"))
DEEP = b'{"id":"d","messages":' + b"[" * 100_000
DAMAGED: dict[str, tuple[bytes, list[tuple[int, str]]]] = {
    "a.jsonl": (
        lines(GOOD)
        + b'{"id": "x", "messages": [\n'
        + b"\xff\xfe\x00 not text\n"
        + b"[1,2]\n\n   \n"
        + DEEP
        + b"\n"
        + lines({"id": "x"}, {"messages": []}, {"id": "", "messages": []}, {"id": "x", "messages": "none"})
        + lines({**GOOD, "id": "last"}),
        [(2, "json"), (3, "encoding"), (4, "shape"), (7, "json"), *((line, "shape") for line in (8, 9, 10, 11))],
    ),
    "parts.jsonl": (
        lines(
            {
                "id": "good",
                "messages": [
                    "no object",
                    {"role": "wizard", "text": "加微信"},
                    {"role": ["agent"], "text": "加微信"},
                    {"role": "agent", "text": 5},
                    {"role": "agent", "text": "加微信" * 40_000},
                    {"role": "agent", "text": "加微信", "sent_at": "yesterday", "kind": {}},
                    {"role": "agent", "text": "加微信", "sent_at": "yesterday"},
                ],
            }
        ),
        [(1, "shape"), (1, "shape"), (1, "shape"), (1, "shape"), (1, "long")],
    ),
    "empty.jsonl": (b"", [(0, "empty")]),
    "utf16.jsonl": (lines(GOOD).decode().encode("utf-16"), [(1, "encoding")]),
    "cut.jsonl.gz": (gzip.compress(lines(GOOD, *many(400)))[:-700], [(-1, "damaged")]),
    "no.jsonl.gz": (b"this is no gzip file at all", [(1, "damaged")]),
    "cut.jsonl.zst": (zstandard.compress(lines(GOOD, *many(400)))[:-9], [(-1, "damaged")]),
    "rot.jsonl.zst": (b"\x28\xb5\x2f\xfd" + b"rotten" * 20, [(1, "damaged")]),
    "bad.parquet": (b"PAR1 is how it begins" * 9, [(0, "damaged")]),
    "columns.csv": (b"who,what\nagent,hello\n", [(1, "columns")]),
    "header.csv": (b"role,text\n", []),
    "bytes.csv": ("role,text\nagent,加微信\n".encode() + b"agent,\xff\xfe\nagent,ok\n", [(3, "encoding")]),
    "roles.csv": (b"role,text\nwizard,hello\nagent\n", [(2, "shape")]),
    "quote.csv": (
        "role,text\nagent,加微信\n".encode() + b'agent,"' + b"not closed\n" * 3_000 + b"agent,ok\n",
        [(3, "row"), *((line, "shape") for line in range(4, 3_003))],
    ),
    "wide.csv": ("role,text\nagent,加微信\n".encode() + b"agent," + b"x" * 2_000_000 + b"\nagent,ok\n", [(3, "row")]),
    "cut.json": (_dumped([GOOD, GOOD])[:-9], [(2, "json")]),
    "not.json": (b"<html>nothing here</html>", [(1, "json")]),
    "numbers.json": (b"[1, 2, 3]", [(1, "shape"), (2, "shape"), (3, "shape")]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_counted_and_told_and_the_rest_is_judged(name: str, replay: Replay, tmp_path: Path) -> None:
    data, wanted = DAMAGED[name]
    path, after = tmp_path / name, tmp_path / "zz.jsonl"
    path.write_bytes(data)
    after.write_bytes(lines({**GOOD, "id": "after"}))
    totals = replay("out", path, after)
    told = rows_of(tmp_path / "out" / "rejected.jsonl")
    places = [(row["line"], row["kind"]) for row in told]
    if wanted[:1] == [(-1, "damaged")]:
        assert [kind for _, kind in places] == ["damaged"]
        assert places[0][0] > 1
    else:
        assert places == wanted
    assert sum(totals.rejected.values()) == len(told) == totals.archives[str(path)]["rejected"]
    assert all(row["file"] == str(path) and row["why"] for row in told)
    assert "加微信" not in "".join(row["why"] for row in told)
    found = [name for name, _ in rules_found(tmp_path / "out" / "findings.jsonl")]
    assert found[-1] == "after"
    if "加微信".encode() in data or name.startswith("cut.jsonl"):
        assert len(found) > 1


def test_a_huge_message_is_refused_and_a_huge_line_skipped(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    ten_megabytes = conversation("huge", said("agent", "加微信 " * 1_000_000), said("agent", "加微信"))
    path.write_bytes(lines(ten_megabytes, GOOD) + b'{"id": "' + b"x" * 17_000_000 + b'"}\n' + lines(GOOD))
    replay("out", path)
    told = [(row["line"], row["index"], row["kind"]) for row in rows_of(tmp_path / "out" / "rejected.jsonl")]
    assert told == [(1, 0, "long"), (3, None, "long")]
    rows = rows_of(tmp_path / "out" / "findings.jsonl")
    assert [(row["line"], row["index"]) for row in rows] == [(1, 1), (2, 0), (4, 0)]


def test_halves_of_surrogate_pairs_keep_places_right(replay: Replay, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"c","messages":[{"role":"agent","text":"\\ud83d\\u52a0\\u5fae\\u4fe1"}]}\n')
    totals = replay("out", path)
    (row,) = rows_of(tmp_path / "out" / "findings.jsonl")
    assert (row["start"], row["end"], row["excerpt"]) == (1, 4, "?加微信")
    assert not totals.rejected


def test_parquet_without_its_package_names_the_remedy(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(_parquet(_rows([GOOD])))
    monkeypatch.setattr(parquet_files.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BadConfiguration, match=r"reply-copilot\[parquet\]"):
        replay("out", path)


def test_default_mapping_needs_no_file() -> None:
    places = RowMapping().places([" Conversation_ID", "ROLE", "messages.text", "other"])
    assert places == {"conversation": 0, "role": 1, "text": 2}
    assert RowMapping().role("客服") == RowMapping().role("Seller") == "agent"
