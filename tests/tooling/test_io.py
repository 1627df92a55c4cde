import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from copilot.cli.io import BadLine, Line, parse, read_jsonl, write_json
from copilot.cli.rejects import Rejects
from copilot.domain.errors import BadInput
from copilot.domain.money import Money
from copilot.replay import lines


def _file(tmp_path: Path, data: bytes, name: str = "in.jsonl") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def _why(found: Iterator[Line | BadLine]) -> list[str]:
    return [f"{line.number}: {line.why}" for line in found if isinstance(line, BadLine)]


def test_good_and_bad_lines_come_in_order_with_their_numbers(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"a":1}\n\n{"a":\n[1]\n"x"\nnull\n{"a":NaN}\n\xff\xfe\n{"a":"\xe4\xb8\xad"}'
    found = list(read_jsonl(_file(tmp_path, data)))
    assert [line.value for line in found if isinstance(line, Line)] == [{"a": 1}, {"a": "中"}]
    assert [line.number for line in found] == [1, 3, 4, 5, 6, 7, 8, 9]
    assert _why(iter(found)) == [
        "3: is not JSON: Expecting value (column 6)",
        "4: must be a JSON object, not an array",
        "5: must be a JSON object, not a string",
        "6: must be a JSON object, not null",
        "7: holds a number that cannot be used",
        "8: is not UTF-8 (byte 1)",
    ]


def test_a_bad_line_names_its_place_and_never_its_content(tmp_path: Path) -> None:
    path = _file(tmp_path, b'{"text":"my phone is 13812345678",}\n{"text":"13812345678"\n')
    told = [str(line) for line in read_jsonl(path)]
    assert len(told) == 2
    assert all(line.startswith(f"{path}:") for line in told)
    assert "138" not in "".join(told).replace(str(path), "")


def test_a_huge_line_is_skipped_and_the_next_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 100)
    data = json.dumps({"a": "x" * 1000}) + "\n" + '{"a":2}\n' + '{"a":"' + "y" * 91 + '"}\n'
    found = list(read_jsonl(_file(tmp_path, data.encode())))
    assert [(type(line).__name__, line.number) for line in found] == [("BadLine", 1), ("Line", 2), ("Line", 3)]


def test_deep_nesting_and_endless_numbers_are_bad_lines(tmp_path: Path) -> None:
    data = '{"a":' + "[" * 100_000 + "\n" + '{"a":' + "9" * 5000 + "}\n"
    assert len(_why(read_jsonl(_file(tmp_path, data.encode())))) == 2


@pytest.mark.parametrize("data", [b"", b"\n\n  \n"])
def test_an_empty_file_is_bad_input(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match=r"in\.jsonl: is empty"):
        list(read_jsonl(_file(tmp_path, data)))


def test_utf_16_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="UTF-16"):
        list(read_jsonl(_file(tmp_path, '{"a":1}'.encode("utf-16"))))


def _packed(suffix: str, data: bytes) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data)
    half = len(data) // 2
    return b"".join(zstandard.ZstdCompressor().compress(part) for part in (data[:half], data[half:]))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_files_read_the_same(tmp_path: Path, suffix: str) -> None:
    data = b"".join(b'{"n":%d}\n' % number for number in range(50_000))
    path = _file(tmp_path, _packed(suffix, data), f"in.jsonl{suffix}")
    assert sum(line.value["n"] for line in read_jsonl(path) if isinstance(line, Line)) == sum(range(50_000))  # type: ignore[misc]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("damage", ["cut", "other"])
def test_a_damaged_archive_is_an_error_and_not_a_shorter_file(tmp_path: Path, suffix: str, damage: str) -> None:
    data = b"".join(b'{"n":%d}\n' % number for number in range(1000))
    packed = _packed(suffix, data)
    path = _file(tmp_path, packed[:-9] if damage == "cut" else data, f"in.jsonl{suffix}")
    with pytest.raises(BadInput, match=f"in.jsonl{suffix}: is"):
        list(read_jsonl(path))


def test_zst_without_its_package_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(BadInput, match="install it or decompress"):
        list(read_jsonl(_file(tmp_path, b"", "in.jsonl.zst")))


def test_standard_input_may_be_empty(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert list(read_jsonl("-")) == []
    assert capsys.readouterr().err == "standard input was empty\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), json_values))
def test_what_is_written_is_one_line_and_reads_back(value: dict[str, JsonValue]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out := io.StringIO())
        write_json(value)
    written = out.getvalue()
    assert written.encode().endswith(b"\n")
    assert written.count("\n") == 1
    read = parse(lines.TextLine("x", 1, written.rstrip("\n")))
    assert isinstance(read, Line)
    assert read.value == value


def test_writing_keeps_chinese_readable_and_survives_half_a_surrogate(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"a": "中"})
    write_json({"a": "\ud83d"})
    write_json(Money(amount="1", currency="CNY"))
    assert capsys.readouterr().out == '{"a":"中"}\n{"a":"\\ud83d"}\n{"amount":"1","currency":"CNY"}\n'


def test_rejects_are_told_counted_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "rejected.jsonl"
    with Rejects(listed) as rejects:
        rejects.accept()
        rejects.add(BadLine("a.jsonl", 7, "is not JSON"))
    assert json.loads(listed.read_text()) == {"file": "a.jsonl", "line": 7, "why": "is not JSON"}
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "reply-copilot: a.jsonl:7: is not JSON",
        f"reply-copilot: 1 of 2 lines were rejected; listed in {listed}",
    ]
    assert rejects.exit_code == 0


def test_a_run_without_a_good_line_is_bad_input_and_a_clean_one_leaves_no_file(tmp_path: Path) -> None:
    listed = tmp_path / "rejected.jsonl"
    listed.write_text("of an earlier run")
    with Rejects(listed) as rejects:
        pass
    assert rejects.exit_code == 0
    assert not listed.exists()
    with Rejects() as rejects:
        rejects.add(BadLine("a", 1, "x"))
    assert rejects.exit_code == 2
