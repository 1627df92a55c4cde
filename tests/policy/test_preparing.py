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
from copilot.policy.preparing import Wanted
from tests.policy.test_lint import PACK, folder

DAY = date(2026, 11, 20)


def wanted(root: Path, name: str = "p", **more: bool) -> Wanted:
    return Wanted(name, (root,), DAY, **more)


@contextmanager
def nobody_compiles() -> Iterator[None]:
    with patch.object(opening, "compile_pack", side_effect=AssertionError("compiled here")):
        yield


async def test_another_process_compiles_and_this_one_only_reads(tmp_path: Path) -> None:
    cache, mine = tmp_path / "cache", [wanted(folder(tmp_path / "rules-of-mine"), searched=True)]
    with nobody_compiles():
        assert await prepared(mine, cache)
        pack = load_pack("p", mine[0].folders, DAY, cache).prepare()
    assert pack.check("说秘密暗号").findings
    assert len(list(cache.glob("triggers-*.json"))) == 1
    # As long as no file changes, no process is asked again.
    with patch("asyncio.create_subprocess_exec", side_effect=AssertionError("asked again")):
        assert await prepared(mine, cache)


def test_a_changed_file_a_new_number_and_another_day_ask_again(tmp_path: Path) -> None:
    root, cache = folder(tmp_path / "a"), tmp_path / "cache"
    assert preparing.prepare(preparing.written([wanted(root)], cache))
    assert preparing.is_prepared([wanted(root)], cache)
    assert not preparing.is_prepared([wanted(root, searched=True)], cache)
    assert not preparing.is_prepared([Wanted("p", (root,), DAY, {"message.max_chars": 9})], cache)
    folder(root, {"terms": "秘密暗号, 别的暗号"})
    assert not preparing.is_prepared([wanted(root)], cache)


def test_shops_with_other_limits_share_what_is_made_of_the_rules(tmp_path: Path) -> None:
    cache, limited = tmp_path / "cache", f"{PACK}limits: {{max_chars: profile.message.max_chars}}\n"
    root = folder(tmp_path / "rules", pack=limited)
    packs = [load_pack("p", (root,), DAY, cache, {"message.max_chars": most}).prepare() for most in (9, 90)]
    assert packs[0].hash != packs[1].hash
    assert len(list(cache.glob("triggers-*.json"))) == 1
    folder(root, {"terms": "秘密暗号, 别的暗号"}, pack=limited)
    load_pack("p", (root,), DAY, cache).prepare()
    assert len(list(cache.glob("triggers-*.json"))) == 2


async def test_a_broken_pack_keeps_no_other_from_being_compiled(tmp_path: Path) -> None:
    good, cache = folder(tmp_path / "good"), tmp_path / "cache"
    broken = folder(tmp_path / "broken", {"terms": "[unfinished"})
    assert not preparing.prepare(preparing.written([wanted(broken), wanted(good)], cache))
    with nobody_compiles():
        assert load_pack("p", (good,), DAY, cache)
    with pytest.raises(BadConfiguration):
        await prepared([wanted(good, "no.such")], cache)


async def test_where_no_process_can_be_started_the_caller_compiles(tmp_path: Path) -> None:
    mine = [wanted(folder(tmp_path / "a"))]
    with patch("asyncio.create_subprocess_exec", side_effect=OSError("none left")):
        assert not await prepared(mine, tmp_path / "cache")
