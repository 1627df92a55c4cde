"""Measures cold starts: the command until its verdict is there, and a pack from the cache in a fresh process."""

import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.measure import Row
from benchmarks.policy.children import NotMeasured, figures, seconds
from benchmarks.policy.timing import say

PACK = "generic"
TIMES = 5
_PLAIN, _PERSONAL = "亲，明天发货\n", "打我电话13812345678\n"
_CHECK = ("policy", "check", "--pack", PACK, "-")
CACHED = "first `policy check`, compiled pack in the cache"
CACHED_PERSONAL = "first `policy check`, personal-data candidate, in the cache"
UNCACHED = "first `policy check`, nothing in the cache"
TESTED = "`policy test`, every rule"
LOADED = "`load_pack` in a fresh process, from the cache"
COMPILED = "`load_pack` in a fresh process, nothing in the cache"


def starts(times: int = TIMES) -> Iterator[Row]:
    """From the start of a process to its end, the median of ``times``; raises ``NotMeasured`` where it is cut off."""
    with TemporaryDirectory() as name:
        env = _env(name)
        for what, text in ((CACHED, _PLAIN), (CACHED_PERSONAL, _PERSONAL)):
            seconds(_CHECK, text, env)
            with _unchanged(Path(name)):
                told = [seconds(_CHECK, text, env) for _ in range(times)]
            yield _row(what, told)
    yield _row(UNCACHED, [_in_new_folder() for _ in range(times)])
    yield _row(TESTED, [seconds(("policy", "test")) for _ in range(min(times, 3))])


def _env(folder: str) -> dict[str, str]:
    return {"COPILOT_DATA_DIR": folder, "COPILOT_CACHE_DIR": f"{folder}/cache"}


def loads(times: int = TIMES) -> Iterator[Row]:
    """A pack read in a fresh process whose imports are done; raises ``NotMeasured``."""
    with TemporaryDirectory() as name:
        made = figures(__name__, name)
        with _unchanged(Path(name)):
            told = [figures(__name__, name) for _ in range(times)]
    yield _row(LOADED, [each["load"] for each in told])
    yield Row(COMPILED, made["load"], None, 1)
    yield _row("first `check` after that", [each["check"] for each in told])
    yield _row("first batch of 4,096 after that", [each["batch"] for each in told])


@contextmanager
def _unchanged(folder: Path) -> Generator[None]:
    """``NotMeasured`` when files came into ``folder``: then what was measured did not come from the cache."""
    before = _files(folder)
    yield
    if _files(folder) != before:
        raise NotMeasured("rules changed while this was measured, so the cache was of no use")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _in_new_folder() -> float:
    with TemporaryDirectory() as name:
        return seconds(_CHECK, _PLAIN, _env(name))


def _row(what: str, times: list[float]) -> Row:
    return Row(what, median(times), None, len(times))


def main() -> None:
    """Load the pack with the cache in the folder named on the command line and print what that took, in seconds."""
    from copilot.assets import policy_folders
    from copilot.policy import load_pack

    folder = Path(sys.argv[1])
    marks = [time.perf_counter()]
    pack = load_pack(PACK, policy_folders(), cache_dir=folder)
    marks.append(time.perf_counter())
    pack.check(_PLAIN)
    marks.append(time.perf_counter())
    pack.check_many([_PLAIN] * 4096)
    marks.append(time.perf_counter())
    say({name: marks[at + 1] - marks[at] for at, name in enumerate(("load", "check", "batch"))})


if __name__ == "__main__":
    main()
