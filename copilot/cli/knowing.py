"""The work behind ``knowledge``: one shop's things in the store that the settings name."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from copilot.access import audit
from copilot.access.merchants import the_merchant
from copilot.access.shops import the_shop
from copilot.assets import policy_folders
from copilot.cli.errors import one_line
from copilot.cli.io import BadLine, note
from copilot.cli.opened import with_store
from copilot.cli.rejects import Rejects
from copilot.cli.words import language
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.domain.knowledge import Audience, Entry, Match
from copilot.knowledge import presets, records
from copilot.knowledge.embedding import fill
from copilot.knowledge.exchange import Read, read_text, to_csv, to_jsonl
from copilot.knowledge.generic import generic_answers, hints_of
from copilot.knowledge.kinds import FACTS, FAQ, KINDS, NOTICES, PINNED, Kind
from copilot.knowledge.records import Place
from copilot.knowledge.search import Search
from copilot.knowledge.sizes import Named, read_sizes
from copilot.knowledge.tokens import Tokenizer, tokenizer_of
from copilot.model.embedding import open_embedding
from copilot.replay.inputs import name_of, opened
from copilot.settings import Settings, load_settings
from copilot.store.engine import Store

T = TypeVar("T")
Counts = dict[str, int]
SIZES = "sizes"


def bring_in(
    shop: str, file: str, what: str, spoken: str | None, rejected: str | None, merchant: str | None
) -> tuple[Counts, int]:
    """Store what ``file`` holds; what it did, and the exit code."""
    kind = FACTS if what == SIZES else _kind(what)
    folders = policy_folders(load_settings().policies_dir)
    read = _read(kind, file, what, spoken, Named(folders) if what == SIZES else None)
    name = name_of(file)
    with Rejects(Path(rejected) if rejected else None) as rejects:
        for remark in read.bad:
            rejects.add(BadLine(name, remark.line, remark.why))
        for _ in read.things:
            rejects.accept()
    for remark in read.warnings:
        note(f"{name}:{remark.line}: {remark.why}")
    for line, thing in zip(read.lines, read.things, strict=True):
        if isinstance(thing, Entry):
            for hint in hints_of(thing, generic_answers(folders), language()):
                note(one_line(f"{name}:{line}: {hint.text}"))

    async def work(at: "_At") -> Counts:
        action = f"{kind.name}.imported"
        return await records.put_all(at.store, at.place, kind, read.things, at.tokenizer, action=action)

    return _at(shop, merchant, work), rejects.exit_code


def taken_out(shop: str, what: str, form: str, merchant: str | None) -> str:
    """Everything of a kind as a file's text."""
    kind = _kind(what)
    if form not in ("jsonl", "csv"):
        raise BadInput(f"there is no format {form}", remedy="use jsonl or csv")

    async def work(at: "_At") -> str:
        async with at.store.merchant(at.place.merchant) as session:
            things = await records.listed(session, kind, at.place.shop)
        return (to_csv if form == "csv" else to_jsonl)(kind, things)

    return _at(shop, merchant, work)


def found(
    shop: str, question: str, spoken: str, audience: str, products: tuple[str, ...], limit: int, merchant: str | None
) -> tuple[Match, ...]:
    """The entries that answer ``question``."""
    if audience not in set(Audience):
        raise BadInput(f"there is no audience {audience}", remedy=f"use {' or '.join(Audience)}")

    async def work(at: "_At") -> tuple[Match, ...]:
        search = Search(at.store, at.tokenizer, open_embedding(at.settings, at.clock))
        return await search.find(
            at.place.merchant, at.place.shop, question, language=spoken, at=at.place.now,
            audience=Audience(audience), limit=limit, products=products, seconds=at.settings.model_seconds,
        )  # fmt: skip

    return _at(shop, merchant, work)


def preset(shop: str, spoken: str | None, reset: str | None, merchant: str | None) -> Counts:
    """Copy the shipped entries, or set one back."""

    async def work(at: "_At") -> Counts:
        async with at.store.merchant(at.place.merchant) as session:
            if reset is not None:
                stored = await records.listed(session, FAQ, at.place.shop, slug=reset)
                wanted = [entry.language for entry in stored if spoken in (None, entry.language)]
                for one in wanted or [spoken or ""]:
                    await presets.reset(session, at.place, reset, one, at.tokenizer)
                return {"added": 0, "changed": len(wanted), "same": 0}
            shipped = presets.load_presets(policy_folders(at.settings.policies_dir), spoken)
            return (await presets.copy_presets(session, at.place, shipped, at.tokenizer)).counts

    return _at(shop, merchant, work)


def pinned(
    shop: str, product: str, since: str | None, until: str | None, end: bool, merchant: str | None
) -> Counts | None:
    """Pin a product, or take it down (None)."""
    if not end and until is None:
        raise BadInput("a pinned product needs its end", remedy="give --until 2026-11-11T23:00:00+08:00")
    fields = {"product": product, "since": since, "until": until}
    return _one(shop, PINNED, (product,), fields, "since", end, merchant)


def noticed(
    shop: str, id: str, fields: Mapping[str, Any], text: Sequence[str], end: bool, merchant: str | None
) -> Counts | None:
    """Store a notice, or take it away (None)."""
    words: dict[str, str] = {}
    for number, one in enumerate(text, 1):
        spoken, equals, said = one.partition("=")
        if not (spoken and equals and said):
            raise BadInput(f"--text number {number} is not LANG=TEXT", remedy="write --text en='Carriers are delayed'")
        words[spoken] = said
    return _one(shop, NOTICES, (id,), {**fields, "id": id, "text": words}, "starts_at", end, merchant)


def embedded(shop: str, merchant: str | None) -> int:
    """Make the vectors that are missing; how many entries got theirs."""

    async def work(at: "_At") -> int:
        embedder = open_embedding(at.settings, at.clock)
        if embedder is None:
            raise BadInput("no model for vectors is set", remedy="set COPILOT_EMBEDDING_MODEL")
        return await fill(at.store, at.place.merchant, at.place.shop, embedder)

    return _at(shop, merchant, work)


def place_words(words: str, counts: Mapping[str, int] | None) -> str:
    """``words`` with the numbers in their places."""
    return words.format(**(counts or {}))


class _At:
    """A shop in the open store."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, place: Place, tokenizer: Tokenizer) -> None:
        self.store, self.settings, self.clock, self.place, self.tokenizer = store, settings, clock, place, tokenizer


def _at(shop: str, merchant: str | None, work: Callable[[_At], Awaitable[T]]) -> T:
    async def opened_work(store: Store, settings: Settings, clock: Clock) -> T:
        row = await the_shop(store, (await the_merchant(store, merchant)).id, shop)
        place = Place(row.merchant, row.id, audit.COMMAND, clock.now())
        return await work(_At(store, settings, clock, place, tokenizer_of(policy_folders(settings.policies_dir))))

    return with_store(opened_work)


def _one(
    shop: str, kind: Kind[Any], key: tuple[str, ...], fields: Mapping[str, Any], begins: str, end: bool,
    merchant: str | None,
) -> Counts | None:  # fmt: skip
    async def work(at: _At) -> Counts | None:
        async with at.store.merchant(at.place.merchant) as session:
            if end:
                if not await records.remove(session, at.place, kind, key):
                    raise BadInput(f"there is none called {key[0]}")
                return None
            given = {begins: at.place.now.isoformat()} | {n: v for n, v in fields.items() if v is not None}
            read = read_text(kind, _as_line(given))
            if read.bad:
                raise BadInput(read.bad[0].why)
            return (await records.put(session, at.place, kind, read.things, at.tokenizer)).counts

    return _at(shop, merchant, work)


def _as_line(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields)


def _read(kind: Kind[Any], file: str, what: str, spoken: str | None, named: Named | None) -> Read[Any]:
    with opened(file) as source:
        raw = source.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{name_of(file)}: is not UTF-8", remedy="save it as UTF-8 (in Excel: CSV UTF-8)") from None
    try:
        return read_sizes(text, named) if named is not None else read_text(kind, text, language=spoken)
    except BadInput as error:
        raise BadInput(f"{name_of(file)}: {error}") from None


def _kind(what: str) -> Kind[Any]:
    found = next((kind for kind in KINDS if kind.name == what), None)
    if found is None:
        known = ", ".join([*(kind.name for kind in KINDS), SIZES])
        raise BadInput(f"there is no kind {what}", remedy=f"use one of {known}")
    return found
