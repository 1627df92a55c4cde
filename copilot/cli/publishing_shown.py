"""The work behind ``policy published``: the list of versions, and below it what those in shadow have seen."""

import sys
from typing import TYPE_CHECKING

from copilot.access.merchants import the_merchant
from copilot.access.shops import the_shop
from copilot.cli.errors import OK
from copilot.cli.io import note, write_json
from copilot.cli.opened import show, with_store
from copilot.cli.publishing_words import said
from copilot.desk.published import PublishedVersion, Seen, read_published

if TYPE_CHECKING:
    from copilot.domain.clock import Clock
    from copilot.store.engine import Store


def show_published(merchant: str | None, shop: str | None) -> int:
    """Print the versions, the newest first; returns the exit code.

    Raises:
        BadInput: there is no such merchant or shop.
    """

    async def work(store: "Store", _: object, __: "Clock") -> list[PublishedVersion]:
        owner = await the_merchant(store, merchant)
        of = (await the_shop(store, owner.id, shop)).id if shop is not None else None
        async with store.merchant(owner.id) as session:
            return await read_published(session, of)

    found = with_store(work)
    if not sys.stdout.isatty():
        for one in found:
            write_json(one)
        return OK
    show([_row(one) for one in found])
    for one in found:
        for seen in one.seen if one.state == "shadow" else ():
            for line in lines(one, seen):
                note(line)
        for of_shop, why in one.trouble.items() if one.state == "enforce" else ():
            note(said("trouble", number=one.number, shop=of_shop, why=why))
    return OK


def lines(one: PublishedVersion, seen: Seen) -> list[str]:
    """What a version in shadow has seen in one shop, a line each."""
    key = "seen_rule" if one.kind == "rules" else "seen_issue"
    counts = ("caught", "released", "same", "changed")
    return [
        said("seen", number=one.number, shop=seen.shop, judged=seen.judged),
        *(
            said(key, rule=rule["rule"], severity=rule["severity"], **{name: rule.get(name, 0) for name in counts})
            for rule in seen.rules
        ),
    ]


def _row(one: PublishedVersion) -> dict[str, object]:
    return {
        "number": one.number,
        "kind": one.kind,
        "shop": one.shop or said("all_shops"),
        "state": one.state,
        "hash": one.hash[:12],
        "by": one.by.name,
        "at": f"{one.at:%Y-%m-%d %H:%M}",
        "weakened": ", ".join(str(rule["rule"]) for rule in one.weakened),
    }
