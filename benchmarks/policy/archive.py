"""An archive to replay: conversations as an export has them, one a line."""

import json
import random
from pathlib import Path

from benchmarks.policy.corpus import stream

PERSONAL = 0.05
"""How many of the messages hold something that could be personal data."""


def write_archive(path: Path, count: int, seed: int = 13) -> float:
    """Write conversations with ``count`` messages in all as JSONL, 5 % of them with a personal-data candidate.

    Returns the share of messages whose text the same side has said before.
    """
    chance = random.Random(seed)
    lines = stream(count, chance)
    seen: set[int] = set()
    with path.open("w", encoding="utf-8") as file:
        written = number = 0
        while written < count:
            size = min(chance.randint(6, 14), count - written)
            said = [_said(chance, next(lines), at, number) for at in range(size)]
            conversation = {
                "id": f"c{number}",
                "platform": "douyin",
                "market": "cn",
                "shop": f"shop{number % 7}",
                "messages": said,
            }
            file.write(json.dumps(conversation, ensure_ascii=False, separators=(",", ":")) + "\n")
            seen.update(hash((one["role"], one["text"])) for one in said)
            written += size
            number += 1
    return 1 - len(seen) / count


def _said(chance: random.Random, text: str, at: int, number: int) -> dict[str, str]:
    if chance.random() < PERSONAL:
        text += f" {personal(chance)}"
    minute = number * 3 + at
    sent_at = f"2026-11-{1 + minute // 1440 % 28:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"
    agent = at % 2 == 1
    said = {"id": f"m{number}-{at}", "role": "agent" if agent else "buyer", "kind": "text", "text": text}
    return {**said, "sent_at": sent_at, **({"agent": f"agent{number % 23}"} if agent else {})}


def personal(chance: random.Random) -> str:
    """A made-up number or address that has to be looked at: mobiles of two countries, a bank card, mail."""
    drawn = chance.randrange(4)
    if drawn == 0:
        return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
    if drawn == 1:
        return f"(415) 555-{chance.randrange(10**4):04d}"
    if drawn == 2:
        return _card(f"62220{chance.randrange(10**13):013d}")
    return f"buyer{chance.randrange(10**5)}@example.com"


def _card(number: str) -> str:
    """``number`` with its check digit."""
    doubled = (int(figure) * (2 - at % 2) for at, figure in enumerate(reversed(number)))
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{number}{-total % 10}"
