"""A small policy folder of its own, archives that are made on the spot, and a run over them."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from copilot.replay import cutting, table
from copilot.replay import parquet as parquet_files
from copilot.replay import run as running
from copilot.replay.archives import find_archives
from copilot.replay.folder import write_reports, write_totals
from copilot.replay.mapping import RowMapping
from copilot.replay.options import Options, Side
from copilot.replay.run import Job, Progress
from copilot.replay.totals import Totals

RULE = """\
id: {id}
family: {family}
severity: {severity}
scope: {{speaker: [{speaker}]}}
reason: {{zh: 不可以这样说, en: not to be said}}
source: house rules
suggestion: {{zh: 换个说法, en: say it in another way}}
matchers:
{matchers}
"""
TERMS = "  - {{kind: terms, terms: [{0}]}}"


def write_rule(folder: Path, rule: str, matchers: str, *, severity: str = "block", speaker: str = "agent") -> Path:
    family, _, name = rule.partition(".")
    path = folder / "rules" / family / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = RULE.format(id=rule, family=family, severity=severity, speaker=speaker, matchers=matchers)
    path.write_text(text, encoding="utf-8")
    return path


def write_pack(
    folder: Path, effective: str, families: str, *, name: str = "shop.cn", extends: str | None = None
) -> None:
    path = folder / "packs" / f"{name}.{effective}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"name: {name}\neffective: {effective}\nfamilies: [{families}]\n"
    path.write_text(text + (f"extends: {extends}\n" if extends else ""), encoding="utf-8")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Two packs of ``shop.cn``: that of October knows chat ids and insults, that of November big words as well."""
    folder = tmp_path / "policies"
    write_rule(folder, "off_platform.chat", TERMS.format("加微信, 加个薇信"))
    write_rule(folder, "off_platform.phone", "  - {kind: contact, detect: [phone]}", severity="warn")
    write_rule(folder, "absolute_claim.top", TERMS.format("全网第一"), severity="warn")
    write_rule(folder, "abuse.buyer", TERMS.format("你们是骗子"), severity="info", speaker="buyer")
    write_rule(folder, "structure.question", "  - {kind: require, expect: question, any: [吗]}", severity="info")
    write_pack(folder, "2026-10-01", "off_platform, abuse, structure")
    write_pack(folder, "2026-11-01", "off_platform, abuse, structure, absolute_claim")
    return folder


Message = dict[str, Any]


def said(role: str, text: str, day: str = "2026-11-03", **more: Any) -> Message:
    agent = {"agent": "阿青"} if role == "agent" else {}
    return {"role": role, "text": text, "sent_at": f"{day}T10:00:00+08:00", **agent, **more}


def conversation(name: str, *messages: Message, shop: str = "teahouse") -> dict[str, Any]:
    return {"id": name, "shop": shop, "messages": list(messages)}


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


def many(count: int = 60) -> list[dict[str, Any]]:
    """Conversations with findings of every kind, several agents and shops, on days of both packs."""
    made: list[dict[str, Any]] = []
    for at in range(count):
        day = f"2026-{10 + at // 4 % 2}-{1 + at % 27:02d}"
        agent = f"客服{at % 5}"
        messages = [
            said("buyer", f"第{at}单什么时候发货", day),
            said("agent", f"您好,马上为您查询 {at}", day, agent=agent),
        ]
        if at % 3 == 0:
            messages.append(said("agent", f"加微信聊吧 {at}", day, agent=agent))
        if at % 4 == 0:
            messages.append(said("agent", f"我们全网第一 {at % 8}", day, agent=agent))
        if at % 7 == 0:
            messages += [said("buyer", "你们是骗子", day), said("agent", f"打13812345{at:03d}找我", day, agent=agent)]
        made.append(conversation(f"c-{at}", *messages, shop=f"shop-{at % 3}"))
    return made


Replay = Callable[..., Totals]


@pytest.fixture
def replay(rules: Path, tmp_path: Path) -> Replay:
    """``replay(out, *paths)`` runs and writes everything; keywords are options of the run."""

    def go(
        out: str,
        *paths: Path,
        pack: str = "shop.cn",
        policies: Path | None = None,
        against: str | None = None,
        against_policies: Path | None = None,
        as_of: date | None = None,
        zone: str | None = "Asia/Shanghai",
        shard: tuple[int, int] | None = None,
        masked: bool = True,
        mapping: RowMapping | None = None,
        workers: int = 1,
        resume: bool = False,
        progress: Progress | None = None,
    ) -> Totals:
        archives, empty = find_archives(paths)
        other = Side(against or pack, (against_policies or rules,)) if against or against_policies else None
        options = Options(
            Side(pack, (policies or rules,)),
            against=other,
            cache_dir=tmp_path / "cache",
            as_of=as_of,
            zone=zone,
            shard=shard,
            masked=masked,
            mapping=mapping or RowMapping(),
        )
        folder = tmp_path / out
        totals = running.run(Job(archives, empty, folder, workers=workers, resume=resume), options, progress)
        write_totals(folder, totals)
        write_reports(folder, totals, "zh", None)
        return totals

    return go


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives of a few lines are cut into many pieces, and several processes are worth their start."""
    monkeypatch.setattr(cutting, "BLOCK", 1500)
    monkeypatch.setattr(table, "ROWS", 7)
    monkeypatch.setattr(parquet_files, "ROWS", 7)
    monkeypatch.setattr(running, "_SMALL", 0)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rules_found(path: Path) -> list[tuple[str, str]]:
    """Conversation and rule of every finding."""
    return [(row["conversation"], row["rule"]) for row in rows_of(path)]


Lines = Sequence[dict[str, Any]]
