import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.cli.io import BadLine
from copilot.domain.errors import BadInput
from copilot.replay.conversations import Read, read_conversations, zone_named

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def _write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _row(**message: object) -> dict[str, object]:
    return {"id": "c1", "messages": [{"role": "buyer", "text": "hi", **message}]}


def test_errors_name_fields_and_never_the_words(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        {"messages": [{"role": "buyer", "text": "call 13812345678"}]},
        _row(role="shopper 13812345678"),
        _row(sent_at="13812345678x"),
        {"id": "", "messages": []},
        {"id": "c", "messages": [{}, {}, {}]},
        _row(sent_at="2026-11-22T10:00:00"),
    )
    found = list(read_conversations(path))
    assert all(isinstance(line, BadLine) for line in found)
    whys = [line.why for line in found if isinstance(line, BadLine)]
    assert whys[0] == "id: Field required"
    assert whys[1].startswith("messages.0.role: Input should be 'buyer', 'agent'")
    assert whys[2].startswith("messages.0.sent_at: ")
    assert whys[3] == "id: must not be empty"
    assert whys[4].endswith("; and 3 more")
    assert whys[5] == "messages.0.sent_at: the time has no offset; write one or give --timezone"
    assert "138" not in " ".join(whys)


def test_a_naive_time_is_read_in_the_zone_given(tmp_path: Path) -> None:
    row = _row(sent_at="2026-11-22T10:00:00")
    row["orders"] = [
        {"id": "o1", "paid_at": "2026-11-20 09:00", "shipments": [{"events": [{"at": "2026-11-21", "text": "x"}]}]}
    ]
    row["products"] = [{"id": "p", "name": "n", "attributes": {"at": "2026-11-22T10:00:00"}}]
    path = _write(tmp_path, row)
    for how in ({"zone": SHANGHAI}, {"zone_of": lambda platform, market: SHANGHAI}):
        [read] = read_conversations(path, **how)  # type: ignore[arg-type]
        assert isinstance(read, Read)
        got = read.conversation
        assert got.messages[0].sent_at == NOW
        assert got.orders is not None
        assert got.orders[0].paid_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
        assert got.orders[0].shipments[0].events[0].at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
        assert got.products is not None
        assert got.products[0].attributes["at"] == "2026-11-22T10:00:00"


def test_a_time_with_an_offset_keeps_it(tmp_path: Path) -> None:
    [read] = read_conversations(_write(tmp_path, _row(sent_at="2026-11-21T18:00:00-08:00")), zone=SHANGHAI)
    assert isinstance(read, Read)
    assert read.conversation.messages[0].sent_at == NOW


def test_without_any_time_everything_is_now_in_order(tmp_path: Path) -> None:
    texts = ["a", "b", "c"]
    path = _write(tmp_path, {"id": "c", "messages": [{"role": "buyer", "text": text} for text in texts]})
    [read] = read_conversations(path, now=NOW)
    assert isinstance(read, Read)
    assert [message.text for message in read.conversation.messages] == texts
    assert {message.sent_at for message in read.conversation.messages} == {NOW}


def test_a_missing_time_takes_the_one_before(tmp_path: Path) -> None:
    times = [None, "2026-11-22T01:00:00Z", None, "2026-11-22T01:30:00Z"]
    path = _write(tmp_path, {"id": "c", "messages": [{"role": "buyer", "text": "x", "sent_at": at} for at in times]})
    [read] = read_conversations(path, now=NOW)
    assert isinstance(read, Read)
    minutes = [message.sent_at.minute for message in read.conversation.messages if message.sent_at]
    assert minutes == [0, 0, 0, 30]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd"])
def test_an_unknown_zone_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match="no such time zone"):
        zone_named(name)
