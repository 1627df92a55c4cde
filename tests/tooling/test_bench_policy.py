"""The policy benchmark measures what it says: the same input for all, reasons instead of gaps, honest targets."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.measure import Row
from benchmarks.policy import children, collect, engine, environment, peers, replaying, starting, timing
from benchmarks.policy.archive import personal, write_archive
from benchmarks.policy.children import NotMeasured
from benchmarks.policy.corpus import LONGEST, SHORTEST, messages, terms
from benchmarks.policy.report import Setting, page
from benchmarks.policy.results import ENGINES, PEERS, Engine, Rate, Results, draft_row
from benchmarks.policy.targets import targets
from copilot.policy.privacy import find, gate
from copilot.replay.conversations import Read, read_conversations

ROOT = Path(__file__).parents[2]
RULE = """
id: off_platform.pager
family: off_platform
severity: block
source: a test
reason: {zh: "不要留联系方式", en: "no contact"}
suggestion: {zh: "请在平台内沟通", en: "please stay on the platform"}
matchers:
  - {kind: terms, terms: [pager]}
cases:
  violates: [my pager, a pager, pager, the pager, use a pager]
  allowed: [hello, hi, thanks, page, paper]
"""
PACK = "name: generic\neffective: 2026-11-01\nfamilies: [off_platform]\n"


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    return messages(5_000)


def test_messages_are_the_same_on_every_run_and_hardly_any_is_there_twice(corpus: list[str]) -> None:
    assert messages(5_000) == corpus
    assert all(SHORTEST <= len(text) <= LONGEST for text in corpus)
    assert len(set(corpus)) > 0.8 * len(corpus)
    assert messages(5_000, seed=8) != corpus


def test_short_lists_of_terms_begin_longer_ones_and_no_term_is_common(corpus: list[str]) -> None:
    many = terms(2_000, corpus)
    assert many[:100] == terms(100, corpus)
    assert len(set(many)) == 2_000
    lowered = [text.lower() for text in corpus]
    held = {term: sum(term in text for text in lowered) for term in many}
    assert max(held.values()) <= 0.002 * len(corpus)
    # Some are there to be found, most are not: as in lists that people keep.
    assert sum(map(bool, held.values())) >= 40
    assert sum(map(bool, held.values())) < 200


class Watch:
    """A clock that moves only when messages are looked at."""

    def __init__(self, cost: float) -> None:
        self.cost, self.now, self.looks = cost, 0.0, list[int]()

    def perf_counter(self) -> float:
        return self.now

    def look(self, texts: Sequence[str]) -> None:
        self.looks.append(len(texts))
        self.now += self.cost * len(texts)


@pytest.mark.parametrize(("cost", "fits"), [(1e-6, 5_000), (0.001, 1_000), (0.01, 100), (1.0, timing.FEWEST)], ids=str)
def test_who_is_slow_gets_fewer_messages_and_the_rate_stays_right(
    monkeypatch: pytest.MonkeyPatch, cost: float, fits: int
) -> None:
    watch = Watch(cost)
    monkeypatch.setattr(timing, "time", watch)
    told = timing.rate(watch.look, ["x"] * 5_000, rounds=3, seconds=1.0)
    assert told["messages"] == pytest.approx(fits, abs=1)
    assert watch.looks[-3:] == [told["messages"]] * 3
    assert told["per_second"] == pytest.approx(1 / cost)


def test_setting_up_late_does_not_make_an_engine_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(0.001)
    monkeypatch.setattr(timing, "time", watch)

    def late(texts: Sequence[str]) -> None:
        if len(texts) > 100 and max(watch.looks) <= 100:
            watch.now += 30.0
        watch.look(texts)

    told = timing.rate(late, ["x"] * 5_000, rounds=3, seconds=1.0)
    assert told["messages"] == pytest.approx(1_000, abs=1)


def test_the_middle_round_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(0.1)
    monkeypatch.setattr(timing, "time", watch)
    costs = iter([1.0, 1.0, 1.0, 0.5, 4.0, 1.0])

    def uneven(texts: Sequence[str]) -> None:
        watch.now += next(costs) * len(texts)

    told = timing.rate(uneven, ["x"], rounds=3, seconds=1.0)
    assert (told["slowest"], told["per_second"], told["fastest"]) == (0.25, 1.0, 2.0)


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    timing.write(tmp_path, ["my pager, please", "a gizmo?", "nothing here", "a widget"], ["gizmo", "widget"])
    return tmp_path


def test_engines_read_the_first_terms_only(handed: Path) -> None:
    assert timing.read(handed, 1) == (["my pager, please", "a gizmo?", "nothing here", "a widget"], ["gizmo"])


@pytest.mark.parametrize("matcher", engine.MATCHERS)
def test_our_engine_finds_the_terms_and_the_shipped_family(
    monkeypatch: pytest.MonkeyPatch, handed: Path, tmp_path: Path, matcher: str
) -> None:
    if matcher == "hyperscan":
        pytest.importorskip("hyperscan", reason="the extra for speed is not installed")
    policies = tmp_path / "policies"
    for name, text in (("rules/off_platform/pager.yaml", RULE), ("packs/generic.yaml", PACK)):
        (policies / name).parent.mkdir(parents=True, exist_ok=True)
        (policies / name).write_text(text, "utf-8")
    monkeypatch.setattr(engine, "policy_folders", lambda: (policies,))
    for kind in engine.PACKS:
        told = engine.measure(handed, kind, matcher, 1, rounds=1, seconds=0.01)
        # The gizmo in one of four messages, and the pager in another.
        assert told["findings"] == (250 if kind == "list" else 500)
        assert told["listed"] == 1
        assert engine.measure(handed, kind, matcher, 2, rounds=1, seconds=0.01)["listed"] == 2
        Rate(**told)


def test_a_peer_is_measured_by_what_it_finds(monkeypatch: pytest.MonkeyPatch, handed: Path) -> None:
    def make(listed: Sequence[str]) -> Callable[[str], bool]:
        return lambda text: any(term in text for term in listed)

    monkeypatch.setitem(peers.PEERS, "looking", ("numpy", make))
    monkeypatch.setattr(timing, "FEWEST", 4)
    monkeypatch.setattr(peers, "FIRST", 4)
    told = peers.measure(handed, "looking", 2, rounds=1, seconds=0.01)
    assert (told["listed"], told["messages"]) == (2, 4)
    assert str(told["version"]).startswith("numpy ")
    Rate(**told)


def test_peers_need_nothing_of_ours_and_reach_no_network() -> None:
    code = (
        "import sys, socket; sys.modules['copilot'] = None\n"
        "from benchmarks.policy import peers; peers.off_the_network()\n"
        "for call in (socket.create_connection, lambda to: socket.getaddrinfo(*to)):\n"
        "    try: call(('127.0.0.1', 9))\n"
        "    except OSError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["the benchmark has no network"] * 2


def test_what_fails_leaves_its_last_line_without_our_folders() -> None:
    with pytest.raises(NotMeasured, match="exit code 1: ValueError: not enough values"):
        children.figures("benchmarks.policy.peers", "alone")
    assert children.why(2, f"first\nreply-copilot: {ROOT}/policies/a.yaml:3: bad\n\n").endswith(
        ": ./policies/a.yaml:3: bad"
    )
    assert children.plain("cannot fetch https://index.example/one now") == "cannot fetch an address now"
    with pytest.raises(NotMeasured, match="printed no figures"):
        children.figures("benchmarks.policy.results")
    with pytest.raises(NotMeasured, match="took longer than 0 s"):
        children.figures("benchmarks.policy.peers", limit=0.001)
    with pytest.raises(NotMeasured, match="cannot be started"):
        children.figures("benchmarks.policy.peers", python=str(ROOT / "no" / "python"))


@pytest.mark.parametrize("changed", [False, True])
def test_a_start_that_had_to_compile_again_is_not_one_from_the_cache(
    monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    runs: list[Path] = []

    def seconds(_command: Sequence[str], _stdin: str = "", env: dict[str, str] | None = None) -> float:
        folder = Path((env or {}).get("COPILOT_DATA_DIR", "")) / "cache"
        if env:
            folder.mkdir(exist_ok=True)
            (folder / f"pack-{len(runs) if changed else 0}").touch()
        runs.append(folder)
        return float(len(runs))

    monkeypatch.setattr(starting, "seconds", seconds)
    if changed:
        with pytest.raises(NotMeasured, match="rules changed"):
            list(starting.starts(3))
        return
    told = {row.what: row.p50 for row in starting.starts(3)}
    # The first of each does not count: it fills the cache.
    assert (told[starting.CACHED], told[starting.CACHED_PERSONAL], told[starting.UNCACHED]) == (3, 7, 10)
    new = runs[8:11]
    assert len(set(new)) == 3
    assert not set(new) & set(runs[:8])


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    lock = tmp_path / "peers.txt"
    lock.write_text("one==1\n", "utf-8")
    (tmp_path / "env").mkdir()
    for name, value in (("LOCK", lock), ("FOLDER", tmp_path / "env"), ("_STAMP", tmp_path / "env" / ".installed")):
        monkeypatch.setattr(environment, name, value)
    return lock


def test_the_peers_are_installed_once_from_hashes(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(environment, "_uv", lambda *arguments: ran.append(arguments))
    assert environment.install(("one",)) == {}
    assert "--require-hashes" in ran[1]
    ran.clear()
    assert environment.install(("one",)) == {}
    assert ran == []
    place.write_text("one==2\n", "utf-8")
    environment.install(("one",))
    assert len(ran) == 2


def test_a_peer_that_cannot_be_installed_is_named_and_the_other_is_there(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    def uv(*arguments: str) -> None:
        if "--require-hashes" in arguments or arguments[-1] == "two":
            raise NotMeasured("exit code 1: no wheel for two")

    monkeypatch.setattr(environment, "_uv", uv)
    for _ in range(2):  # Tried again the next time: nothing says that it is complete.
        assert environment.install(("one", "two")) == {"two": "cannot be installed, exit code 1: no wheel for two"}


def _rate(per_second: float) -> dict[str, object]:
    numbers = dict.fromkeys(("per_second", "slowest", "fastest"), per_second)
    return {**numbers, "messages": 50, "version": "x 1", "open_seconds": 0.5}


def test_a_part_that_cannot_run_leaves_a_reason_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def figures(module: str, *arguments: str, **_: object) -> dict[str, object]:
        asked.append((module, *arguments[1:]))
        if "hyperscan" in arguments:
            raise NotMeasured("exit code 1: no module named hyperscan")
        return _rate(1000.0)

    monkeypatch.setattr(collect, "figures", figures)
    monkeypatch.setattr(collect, "messages", lambda count: ["m"] * count)
    monkeypatch.setattr(collect, "terms", lambda count, corpus: ["t"] * count)
    monkeypatch.setattr(environment, "install", lambda packages: {"guardrails-ai": "cannot be installed"})
    run = collect.Collecting(collect.Extent(sizes=(10, 20), messages=5))
    run.batches()
    names = {name for name, _ in run.results.rates}
    assert names == {engine.name for engine in ENGINES if engine.matcher != "hyperscan" and engine.name != "guardrails"}
    assert run.results.missing["guardrails, 10 terms"] == "cannot be installed"
    assert len(run.results.missing) == 4
    assert not any("guardrails" in arguments for arguments in asked)
    assert ("benchmarks.policy.peers", "presidio", "20", "5", "1.5") in asked


def _results() -> Results:
    results = Results()
    speed = {
        "reply-copilot, list, hashes": 600_000.0,
        "reply-copilot, terms, hashes": 250_000.0,
        "presidio": 500.0,
    }
    for name, per_second in speed.items():
        for size in results.sizes:
            results.rates[name, size] = Rate(**_rate(per_second))
    results.rows.append(Row(draft_row("zh", candidate=False), 100e-6, 3e-3, 200))
    results.rows.append(Row(starting.CACHED, 0.7, None, 5))
    results.replays = [replaying.Replayed(replaying.MESSAGES, at, 300.0, 480.0, 9, 1.0) for at in (8.0, 9.5, 14.0)]
    results.missing["guardrails, 100 terms"] = "cannot be installed"
    return results


def test_targets_are_reached_missed_or_not_measured() -> None:
    told = {target.what: target for target in targets(_results())}
    assert told["reply-copilot, list, hashes, 10,000 terms, with the extra"].reached is True
    assert told["reply-copilot, list, hashes, 10,000 terms, with the extra"].margin == pytest.approx(1.2)
    assert told["reply-copilot, terms, hashes, 10,000 terms"].reached is False
    assert told["reply-copilot, list, hashes, time(10,000) / time(100)"].measured == 1.0
    assert told["reply-copilot, everything, hashes, 10,000 terms"].reached is None
    assert told["one check of a draft, zh, p50"].reached is True
    assert told["one check of a draft, zh, p99"].reached is False
    assert told[starting.CACHED].reached is True
    assert told["replay of 1,000,000 messages"].measured == 9.5
    assert told["memory of all its processes"].reached is True


def test_a_replay_of_fewer_messages_reaches_no_target() -> None:
    results = Results(replays=[replaying.Replayed(20_000, 1.0, 10.0, 10.0, 1, 1.0)])
    assert {target.reached for target in targets(results) if "replay" in target.what or "memory" in target.what} == {
        None
    }


@pytest.mark.parametrize(("whole", "busy"), [(True, 0.1), (False, 0.1), (True, 4.2)])
def test_the_page_says_yes_and_no_and_how_far_it_can_be_trusted(whole: bool, busy: float) -> None:
    setting = Setting("2026-11-28 10:00 UTC", ("a machine",), 0.1, 0.1, 9.0, "make bench-policy", whole, busy)
    text = page(_results(), setting)
    assert "| reply-copilot, list, hashes : presidio | 1,200.0 × |" in text
    assert "terms, hashes, 10,000 terms | ≥ 300,000 messages/s | 250,000 messages/s | 0.83 | **no** |" in text
    assert "| replay of 1,000,000 messages | ≤ 10.00 s | 9.50 s | 1.05 | yes |" in text
    assert "- guardrails, 100 terms: cannot be installed" in text
    assert "2026-11-28 10:00 UTC" in text
    assert ("Do not quote it" in text) is (not whole or busy > 1)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in rows)


def test_the_archive_is_what_a_replay_reads_with_its_share_of_personal_data(tmp_path: Path) -> None:
    path = tmp_path / "archive.jsonl"
    write_archive(path, 3_000)
    again = tmp_path / "again.jsonl"
    write_archive(again, 3_000)
    assert path.read_bytes() == again.read_bytes()
    read = list(read_conversations(path))
    assert all(isinstance(line, Read) for line in read)
    said = [m["text"] for line in path.read_text("utf-8").splitlines() for m in json.loads(line)["messages"]]
    assert len(said) == 3_000
    marked = sum(any(mark in text for mark in ("@example.com", "(415) 555-", " 62220")) for text in said)
    assert 0.025 < marked / 3_000 < 0.05  # Three of the four kinds.


def test_personal_candidates_are_worth_a_look() -> None:
    chance = random.Random(5)
    made = [personal(chance) for _ in range(400)]
    assert all(map(gate, made))
    found = Counter(kind for text in made for kind, _, _ in find(text, "cn"))
    assert found["bank_card"] == sum(text.startswith("62220") for text in made) > 50
    assert found["email"] == sum(text.endswith("@example.com") for text in made) > 50
    assert found["phone"] > 100


def test_the_memory_of_a_session_is_that_of_its_processes() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system has no /proc")
    own = replaying.session_memory(os.getsid(0))
    assert own is not None
    assert own > 20
    assert replaying.session_memory(2**31 - 1) is None


def test_a_replay_that_did_not_see_everything_is_no_figure(tmp_path: Path) -> None:
    (tmp_path / "totals.json").write_text('{"messages": {"agent": 6, "buyer": 4}}', "utf-8")
    (tmp_path / "findings.jsonl").write_text("{}\n{}\n", "utf-8")
    with pytest.raises(NotMeasured, match="no report"):
        replaying._counted(tmp_path, 10)
    (tmp_path / "report.html").touch()
    assert replaying._counted(tmp_path, 10) == 2
    with pytest.raises(NotMeasured, match="10 of 11"):
        replaying._counted(tmp_path, 11)


def test_users_never_install_the_peers() -> None:
    lock = (ROOT / "requirements" / "peers.txt").read_text("utf-8")
    locked = {line.partition("==")[0] for line in lock.splitlines() if line[:1].isalpha()}
    wanted = (ROOT / "requirements" / "peers.in").read_text("utf-8").split()
    assert {peer.package for peer in PEERS} == set(wanted)
    assert set(wanted) <= locked
    assert lock.count("--hash=sha256:") > len(locked)
    assert "://" not in lock
    assert "guardrails" not in (ROOT / "pyproject.toml").read_text("utf-8")
    assert "guardrails" not in (ROOT / "requirements" / "dev.txt").read_text("utf-8")


def test_names_in_the_table_are_those_that_are_run() -> None:
    assert {peer.name for peer in PEERS} == set(peers.PEERS)
    assert {peer.package for peer in PEERS} == {package for package, _ in peers.PEERS.values()}
    ours = [engine_ for engine_ in ENGINES if engine_.ours]
    assert {one.kind for one in ours} == set(engine.PACKS)
    assert {one.matcher for one in ours} == set(engine.MATCHERS)
    assert not Engine("x", package="y").ours
