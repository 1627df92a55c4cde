"""What cannot be used is told with line and reason, never a crash, and costs nothing of what stands around it."""

import io
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as untyped
import pyarrow.parquet
import pytest

from copilot.domain.errors import PolicyFileError
from copilot.replay import table, text_lines
from copilot.replay.drafts.fitting import fitted
from copilot.replay.mapping import read_mapping
from copilot.replay.times import Times, When
from tests.replay.conftest import Replay, conversation, lines, rows_of, said

CHAT = "加微信"
arrow: Any = untyped
HEAD = "role,text,sent_by\n"
Told = list[tuple[int, str]]


@pytest.fixture
def replayed(replay: Replay, tmp_path: Path) -> Any:
    """``replayed(name, data)`` gives line and kind of the rejects, and the lines of the findings."""

    def go(name: str, data: bytes | str, **options: Any) -> tuple[Told, list[int]]:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        totals = replay("out", path, **options)
        rejected = rows_of(tmp_path / "out" / "rejected.jsonl")
        assert all(row["why"] and CHAT not in row["why"] for row in rejected)
        assert sum(totals.rejected.values()) == totals.archives[str(path)]["rejected"] == len(rejected)
        found = rows_of(tmp_path / "out" / "findings.jsonl")
        return [(row["line"], row["kind"]) for row in rejected], [row["line"] for row in found]

    return go


@pytest.mark.parametrize("field", ["message_id", "role", "text", "sent_at", "agent", "shop", "sent_by", "recalled_at"])
def test_bytes_that_are_no_text_are_told_in_whatever_column(field: str, replayed: Any) -> None:
    columns = ("role", "text", "sent_by", "message_id", "sent_at", "agent", "shop", "recalled_at")
    good = {"role": "agent", "text": CHAT, "sent_by": "person", "sent_at": "2026-11-03"}
    rows = [",".join(good.get(column, "") for column in columns).encode()] * 3
    rows[1] = b",".join(b"\xff" if column == field else good.get(column, "").encode() for column in columns)
    told, found = replayed("a.csv", ",".join(columns).encode() + b"\n" + b"\n".join(rows))
    assert told == [(3, "shape" if field == "role" else "encoding")]
    assert found == [2, 4]


def _parquet(**columns: Any) -> bytes:
    data = io.BytesIO()
    arrow.parquet.write_table(arrow.table(columns), data)
    return data.getvalue()


@pytest.mark.parametrize("field", ["text", "sent_by", "agent", "shop", "message_id", "conversation"])
def test_values_that_are_no_text_are_told_in_whatever_column(field: str, replayed: Any) -> None:
    columns: dict[str, Any] = {"role": ["agent"] * 2, "text": [CHAT] * 2}
    columns[field] = arrow.array([None if field != "text" else b"", b"\xff"], arrow.binary())
    told, found = replayed("a.parquet", _parquet(**columns))
    assert told == ([(1, "shape"), (2, "shape")] if field == "text" else [(2, "shape")])
    assert found == ([] if field == "text" else [1])


def test_parquet_values_without_a_form_cost_their_row_alone(replayed: Any) -> None:
    times = arrow.array([1_793_700_000_000_000, 2**62, -(2**62), 1_793_700_000_000_000], arrow.timestamp("us"))
    told, found = replayed("a.parquet", _parquet(role=["agent"] * 4, text=[CHAT] * 4, sent_at=times))
    assert told == [(2, "time"), (3, "time")]
    assert found == [1, 4]
    broken = arrow.Array.from_buffers(
        arrow.string(), 2, [None, arrow.array([0, 1, 2], arrow.int32()).buffers()[1], arrow.py_buffer(b"a\xff")]
    )
    told, found = replayed("b.parquet", _parquet(role=["agent"] * 2, text=[CHAT] * 2, sent_by=broken))
    assert told == [(2, "shape")]
    assert found == [1]


@pytest.mark.parametrize("number", ["-1", "-1e18", "1e30", "NaN", "1e400", "9" * 40, "9" * 400, "-" + "9" * 40])
def test_a_number_that_is_no_moment_is_told(number: str, replayed: Any) -> None:
    # Half a surrogate pair makes the line one for the slower reader, which keeps integers of any size.
    data = b"".join(
        b'{"id":"c","messages":[{"role":"agent","text":"\\u52a0\\u5fae\\u4fe1%b","sent_at":%b}]}\n'
        % (half, time.encode())
        for half in (b"", b"\\ud83d")
        for time in (number, "1793700000")
    )
    assert replayed("a.jsonl", data) == ([(1, "time"), (3, "time")], [2, 4])
    rows = "role,text,sent_at\n" + f"agent,{CHAT},{number}\nagent,{CHAT},1793700000\nagent,{CHAT},yesterday\n"
    long = len(number) > 64
    assert replayed("a.csv", rows) == ([] if long else [(2, "time")], [2, 3, 4] if long else [3, 4])


def test_a_time_reads_the_same_whatever_came_before_it() -> None:
    values = ("2026/11/03 10:00:99", "2026/11/03 10:00:00", "2026/11/03 10:00", "2026-11-03 10:00:00,5")
    for form in (None, "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"):

        def alone(value: str, form: str | None = form) -> When:
            return Times(lambda day: 0, None, form=form).when(value)

        for order in (values, values[::-1]):
            times = Times(lambda day: 0, None, form=form)
            assert [times.when(value) for value in order] == [alone(value) for value in order]


def test_half_a_surrogate_pair_in_utf_16_costs_its_row_alone(replayed: Any) -> None:
    rows = f"{HEAD}agent,{CHAT},\nagent,\ud83d{CHAT},\nagent,{CHAT},\n"
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        data = mark + rows.encode(encoding, "surrogatepass")
        assert replayed("a.csv", data) == ([(3, "encoding")], [2, 4])
    cut = b"\xff\xfe" + f"{HEAD}agent,{CHAT},\nagent,{CHAT}".encode("utf-16-le")[:-1]
    assert replayed("a.csv", cut) == ([(3, "encoding")], [2])


def test_half_a_character_at_the_end_of_the_file_is_told(replayed: Any) -> None:
    data = f"{HEAD}agent,{CHAT},\nagent,{CHAT},加".encode()
    assert replayed("a.csv", data[:-1]) == ([(3, "encoding")], [2])
    assert replayed("a.csv", f"{HEAD}agent,{CHAT},\n加".encode()[:-1]) == ([(3, "shape")], [2])


def test_an_encoding_that_the_file_is_not_in_is_told(replayed: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("encoding: utf-16\n")
    told, found = replayed("a.csv", f"{HEAD}agent,{CHAT},\n", mapping=read_mapping(mapping))
    assert (told, found) == ([(1, "encoding")], [])
    for text, why in (
        ("encoding: hex\n", "encoding hex is unknown"),
        ("encoding: idna\n", "encoding idna is unknown"),
        ("time_format: '%Q'\n", "no form of strptime"),
        ("time_format: '%Y %'\n", "no form of strptime"),
        ("delimiter: '\"'\n", "delimiter"),
    ):
        mapping.write_text(text)
        with pytest.raises(PolicyFileError, match=why):
            read_mapping(mapping)
    for text in ("encoding: utf-32\n", "encoding: gb18030\n", "time_format: '%d.%m.%y %I:%M %p %Z'\n"):
        mapping.write_text(text)
        read_mapping(mapping)


def test_a_line_of_a_table_that_is_too_long_is_told_and_the_rest_read(
    replayed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_lines, "MAX_LINE", 200_000)
    long = "x" * 5_000_000
    assert replayed("a.csv", f"{HEAD}agent,{CHAT},\nagent,{long},\nagent,{CHAT},\n") == ([(3, "long")], [2, 4])
    assert replayed("a.csv", f"{HEAD}agent,{CHAT},\nagent,{long},") == ([(3, "long")], [2])


@pytest.mark.parametrize(
    ("rows", "rejected", "found"),
    [
        # Open to the end of the file: the lines behind it are rows of their own.
        (f'agent,"oh\nagent,{CHAT}\nagent,{CHAT}\n', [2], [3, 4]),
        (f'agent,{CHAT}\nagent,"', [3], [2]),
        # Closed by the quote with which a later row begins.
        (f'agent,"oh\nagent,{CHAT}\nagent,"{CHAT}"\nagent,{CHAT}\n', [2], [3, 4, 5]),
        # Two of them.
        (f'agent,"oh\nagent,{CHAT}\nagent,"no\nagent,{CHAT}\n', [2, 4], [3, 5]),
        # What a good row holds stays together, as does a row with a quote in its middle.
        (f'agent,"oh ""no""\n{CHAT}"\nagent,"he said "hi" {CHAT}"\n', [], [2, 4]),
    ],
)
def test_a_quote_that_is_not_closed_costs_its_line_alone(
    rows: str, rejected: list[int], found: list[int], replayed: Any
) -> None:
    assert replayed("a.csv", "role,text\n" + rows) == ([(line, "row") for line in rejected], found)


def test_a_quote_ends_after_so_many_lines(replayed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "ROW_LINES", 5)
    good = f'agent,"{CHAT}\n2\n3\n4\n5"\n'
    bad = f'agent,"open\n2\n3\nagent,{CHAT}\n5\n6"\n'
    told, found = replayed("a.csv", "role,text\n" + good + bad + good)
    assert told == [(7, "row"), *((line, "shape") for line in (8, 9, 11, 12))]
    assert found == [2, 10, 13]


def test_a_header_that_is_no_row_is_told(replayed: Any) -> None:
    (told, found) = replayed("a.csv", f'role,"text\nagent,{CHAT}\n')
    assert (told, found) == ([(1, "row")], [])


def test_bad_lines_do_not_cut_an_archive_into_more_pieces(replayed: Any) -> None:
    rows = "".join(f'agent,"open {at}\nagent,{CHAT}\n' for at in range(600))
    told, found = replayed("a.csv", "role,text\n" + rows)
    assert told == [(line, "row") for line in range(2, 1202, 2)]
    assert found == list(range(3, 1203, 2))


def test_a_list_in_the_place_of_a_word_is_no_end_of_drafting() -> None:
    for key, message in (
        ("role", {"role": ["agent"]}),
        ("kind", {"role": "agent", "text": "hi", "kind": ["text"]}),
        ("sent_by", {"role": "agent", "text": "hi", "sent_by": {"a": 1}}),
    ):
        made = fitted({"id": "c", "messages": [message]}, ZoneInfo("UTC"), "douyin", "cn")
        assert len(made.messages) == (key != "role")


def test_a_reject_of_a_message_leaves_the_others(replay: Replay, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(conversation("c", said("agent", CHAT, sent_at=-5), said("agent", CHAT))))
    totals = replay("out", path)
    (row,) = rows_of(tmp_path / "out" / "rejected.jsonl")
    assert (row["line"], row["index"], row["kind"]) == (1, 0, "time")
    assert totals.messages == {"agent": 2}
    assert [row["index"] for row in rows_of(tmp_path / "out" / "findings.jsonl")] == [1]
    assert "1970" in json.dumps(row)
