"""Packs compiled ahead: by a process of their own, once for what the files are now, and each for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from copilot.domain.errors import BadConfiguration
from copilot.jobs.aside import prepared
from copilot.policy import load_pack, opening, preparing
from copilot.policy.preparing import Marks, Wanted
from tests.policy.test_lint import PACK, folder

DAY = date(2026, 11, 20)


def wanted(root: Path, name: str = "p", **more: bool) -> Wanted:
    return Wanted(name, (root,), DAY, **more)


def by_mark(*wanted: Wanted) -> dict[str, Wanted]:
    """As the files are now."""
    marks = Marks()
    return {marks.of(one): one for one in wanted}


@contextmanager
def nobody_compiles() -> Iterator[None]:
    with patch.object(opening, "compile_pack", side_effect=AssertionError("compiled here")):
        yield


async def test_another_process_compiles_and_this_one_only_reads(tmp_path: Path) -> None:
    root, cache = folder(tmp_path / "rules-of-mine"), tmp_path / "cache"
    mine = by_mark(wanted(root, searched=True))
    with nobody_compiles():
        assert await prepared(mine, cache)
        pack = load_pack("p", (root,), DAY, cache).prepare()
    assert pack.check("说秘密暗号").findings
    assert len(list(cache.glob("triggers-*.json"))) == 1
    # As long as no file changes, no process is asked again.
    with patch("asyncio.create_subprocess_exec", side_effect=AssertionError("asked again")):
        assert await prepared(mine, cache)


def test_a_changed_file_a_new_number_and_another_day_ask_again(tmp_path: Path) -> None:
    root, cache = folder(tmp_path / "a"), tmp_path / "cache"
    assert preparing.prepare(preparing.written([wanted(root)], cache))
    more = (wanted(root, searched=True), Wanted("p", (root,), DAY, {"message.max_chars": 9}))
    assert preparing.missing(by_mark(wanted(root), *more), cache) == list(more)
    folder(root, {"terms": "秘密暗号, 别的暗号"})
    assert preparing.missing(by_mark(wanted(root)), cache) == [wanted(root)]


async def test_whoever_is_ended_halfway_leaves_what_it_has_done(tmp_path: Path) -> None:
    first, cache = folder(tmp_path / "first"), tmp_path / "cache"
    second = folder(tmp_path / "second", {"terms": "别的暗号"})
    both = [wanted(first), wanted(second)]
    with patch.object(Wanted, "compile", autospec=True) as compiled:
        compiled.side_effect = [None, KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            preparing.prepare(preparing.written(both, cache))
    assert preparing.missing(by_mark(*both), cache) == both[1:]
    assert await prepared(by_mark(*both), cache)
    assert preparing.missing(by_mark(*both), cache) == []


def test_shops_with_other_limits_share_what_is_made_of_the_rules(tmp_path: Path) -> None:
    cache, limited = tmp_path / "cache", f"{PACK}limits: {{max_chars: profile.message.max_chars}}\n"
    root = folder(tmp_path / "rules", pack=limited)
    packs = [load_pack("p", (root,), DAY, cache, {"message.max_chars": most}).prepare() for most in (9, 90)]
    assert packs[0].hash != packs[1].hash
    assert len(list(cache.glob("triggers-*.json"))) == 1
    folder(root, {"terms": "秘密暗号, 别的暗号"}, pack=limited)
    load_pack("p", (root,), DAY, cache).prepare()
    assert len(list(cache.glob("triggers-*.json"))) == 2


def test_a_broken_pack_keeps_no_other_from_being_compiled(tmp_path: Path) -> None:
    good, cache = folder(tmp_path / "good"), tmp_path / "cache"
    broken = folder(tmp_path / "broken", {"terms": "[unfinished"})
    assert not preparing.prepare(preparing.written([wanted(broken), wanted(good)], cache))
    with nobody_compiles():
        assert load_pack("p", (good,), DAY, cache)
    with pytest.raises(BadConfiguration):
        by_mark(wanted(good, "no.such"))


async def test_where_no_process_can_be_started_the_caller_compiles(tmp_path: Path) -> None:
    mine = by_mark(wanted(folder(tmp_path / "a")))
    with patch("asyncio.create_subprocess_exec", side_effect=OSError("none left")):
        assert not await prepared(mine, tmp_path / "cache")
