"""The work behind ``policy apply``: reads a folder, has it checked and compared, stores it, or says why not.

Checks run outside of any transaction; when somebody else published meanwhile nothing is stored.
"""

import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from copilot import assets
from copilot.access import audit
from copilot.access.merchants import Merchant, the_merchant
from copilot.access.people import the_person
from copilot.access.principal import Role
from copilot.cli.errors import GATE_FAILED, OK
from copilot.cli.io import note, write_json
from copilot.cli.opened import with_store
from copilot.cli.publishing_gate import Limits, compare_offers, compare_rules
from copilot.cli.publishing_words import said
from copilot.cli.words import language
from copilot.domain.errors import BadInput, CopilotError, PolicyFileError
from copilot.flow.publishing import rows
from copilot.flow.publishing.checks import Checks, Outcome, Problem, Target, named, renamed
from copilot.flow.publishing.files import PLACES, Kind, collect, digest, lay_out
from copilot.flow.publishing.rows import Actor, New, State
from copilot.flow.publishing.standing import Levels, Standing, Version
from copilot.flow.shops import Shops
from copilot.jobs.following import Following, Published
from copilot.model.prompts import Prompts
from copilot.store.tables import PublicationRow

if TYPE_CHECKING:
    from copilot.domain.clock import Clock
    from copilot.settings import Settings
    from copilot.store.engine import Store
    from copilot.store.tables import ShopRow


@dataclass(frozen=True)
class Asked:
    """The options of the command as they were given; ``stages`` are those that were named."""

    merchant: str | None
    shop: str | None
    folder: Path | None
    stages: tuple[str, ...] = ()
    kind: str | None = None
    reason: str | None = None
    by: str | None = None
    archives: tuple[Path, ...] = ()
    allow_newly_blocked: int = 0
    allow_newly_released: int | None = None
    allow_changed_offers: int | None = None

    @property
    def stage(self) -> State:
        """Where the version is to stand; it watches when nothing was said.

        Raises:
            BadInput: several were named.
        """
        if len(self.stages) > 1:
            raise BadInput(f"--{self.stages[0]} and --{self.stages[1]} exclude each other", remedy="give one of them")
        return State(self.stages[0]) if self.stages else State.SHADOW

    @property
    def limits(self) -> Limits:
        """What archives may show."""
        return Limits(self.allow_newly_blocked, self.allow_newly_released, self.allow_changed_offers)


@dataclass(frozen=True)
class Context:
    """What is known before anything is checked; ``serial`` tells whether somebody published meanwhile."""

    settings: "Settings"
    merchant: Merchant
    published: Published
    shop: "ShopRow | None"
    actor: Actor
    at: datetime
    serial: int

    @property
    def targets(self) -> "Sequence[ShopRow]":
        """The shops that the version holds for."""
        return self.published.shops if self.shop is None else (self.shop,)

    @property
    def scope(self) -> str:
        """Whom it is for, for people."""
        return self.shop.slug if self.shop is not None else said("all_shops")


@dataclass
class Passed:
    """A version that may be stored, with what its gate counted."""

    kind: Kind
    files: dict[str, str]
    outcome: Outcome
    gate: dict[str, Any] | None = None
    refusals: list[str] = field(default_factory=list[str])


def apply_folder(asked: Asked) -> int:
    """Publish what is in the folder; returns the exit code.

    Raises:
        BadInput: nothing to publish, an unknown shop or person, two stages at once.
        BadConfiguration: a file cannot be used; names file and line.
    """
    stage = asked.stage
    with tempfile.TemporaryDirectory(prefix="reply-copilot-") as place:
        context = with_store(lambda store, settings, clock: read_context(store, settings, clock, asked, Path(place)))
        folder = asked.folder or _own_folder(context)
        passed: list[Passed] = []
        for kind, files in _contents(folder, asked.kind).items():
            held = _held(context, kind)
            if held is not None and held.hash == digest(files) and _reached(State(held.state), stage):
                note(said("unchanged", kind=kind, number=held.number))
                continue
            passed.append(_check(context, asked, kind, files, folder, Path(place), stage))
    refused = [line for one in passed for line in one.refusals]
    for line in dict.fromkeys(refused):
        note(line)
    if refused:
        note(said("kept"))
        return GATE_FAILED
    if passed:
        for told in with_store(lambda store, _, clock: _store(store, clock, context, passed, stage, asked.reason)):
            write_json(told)
            note(said(stage.value, number=told["number"], kind=told["kind"], scope=context.scope))
    return OK


async def read_context(store: "Store", settings: "Settings", clock: "Clock", asked: Asked, root: Path) -> Context:
    """The merchant, its shops and what is published for them, laid out below ``root``."""
    merchant = await the_merchant(store, asked.merchant)
    actor = await actor_of(store, merchant.id, asked.by)
    rows.require_publisher(actor)
    shops = _rules(settings)
    serial = (await rows.heads(store)).get(merchant.id, 0)
    published = await Following(store, shops, clock, root / "published").read(merchant.id)
    if not published.shops:
        raise BadInput(f"{merchant.slug} has no shop yet", remedy="connect one: reply-copilot shop add")
    return Context(settings, merchant, published, the_shop(published, asked.shop), actor, clock.now(), serial)


def _rules(settings: "Settings") -> Shops:
    prompts = Prompts(assets.prompt_folders(settings.prompts_dir), settings.cache_dir)
    return Shops(assets.policy_folders(settings.policies_dir), prompts, settings.cache_dir)


async def actor_of(store: "Store", merchant: uuid.UUID, login: str | None) -> Actor:
    """The person called ``login``, else the operator.

    Raises:
        BadInput: there is nobody, or they may no longer sign in.
    """
    if login is None:
        return Actor(audit.COMMAND)
    person = await the_person(store, merchant, login)
    if not person.active:
        raise BadInput(f"{login} may no longer sign in", remedy="name somebody else")
    return Actor(str(person.id), Role(person.role))


def the_shop(published: Published, slug: str | None) -> "ShopRow | None":
    """The shop called ``slug``; None for all of them.

    Raises:
        BadInput: there is none.
    """
    if slug is None:
        return None
    found = next((shop for shop in published.shops if shop.slug == slug), None)
    if found is None:
        raise BadInput(f"there is no shop {slug}", remedy=f"known: {', '.join(one.slug for one in published.shops)}")
    return found


def _own_folder(context: Context) -> Path:
    """The merchant's (or shop's) folder below the deployment's, when there is exactly one."""
    tail = Path("merchants") / context.merchant.slug
    if context.shop is not None:
        tail = tail / "shops" / context.shop.slug
    found = [folder / tail for folder in context.settings.policies_dir if (folder / tail).is_dir()]
    if len(found) != 1:
        what = "several folders hold" if found else "no folder of COPILOT_POLICIES_DIR holds"
        raise BadInput(f"{what} {tail}", remedy="name the folder to publish")
    return found[0]


def _contents(folder: Path, only: str | None) -> dict[Kind, dict[str, str]]:
    if not folder.is_dir():
        raise BadInput(f"{folder}: is not a folder", remedy="name a folder with rules or playbooks")
    kinds = [Kind(only)] if only else list(Kind)
    found = {kind: files for kind in kinds if (files := collect(folder, kind))}
    if not found:
        places = ", ".join(f"{place}/" for kind in kinds for place in PLACES[kind])
        raise BadInput(f"{folder}: nothing to publish", remedy=f"it needs YAML files below one of {places}")
    return found


def _held(context: Context, kind: Kind) -> PublicationRow | None:
    """The newest version that decides or watches there."""
    of = context.shop.id if context.shop is not None else None
    found = [row for row, _ in context.published.versions if (row.shop, row.kind) == (of, kind)]
    return max(found, key=lambda row: row.number, default=None)


def _reached(now: State, wanted: State) -> bool:
    return now is State.ENFORCE or (now is State.SHADOW and wanted is not State.ENFORCE)


def _check(
    context: Context, asked: Asked, kind: Kind, files: dict[str, str], folder: Path, place: Path, stage: State
) -> Passed:
    laid = lay_out(place / "new", files)
    shops = _rules(context.settings)
    version = Version(uuid.uuid4(), 0, laid)
    targets = [_target(context, shop, kind, version) for shop in context.targets]
    try:
        outcome = Checks(shops, context.merchant.slug, laid, context.at).run(kind, targets, asked.reason)
    except CopilotError as error:
        raise PolicyFileError(renamed(str(error), laid, folder)) from None
    passed = Passed(kind, files, outcome)
    problems = [*outcome.problems, *_owner(context, outcome, stage)]
    for one in problems:
        words = one.zh if language() == "zh" else one.en
        passed.refusals.append(renamed(f"{one.place}: {said('refused')}: {words}", laid, folder))
    for told in outcome.told(asked.reason):
        if told["reason"]:
            note(said("weakened", **told))
    if outcome.same and kind is Kind.RULES:
        note(said("same", shops=", ".join(outcome.same)))
    if not passed.refusals:
        _compare(passed, shops, context, asked, targets)
    return passed


def _owner(context: Context, outcome: Outcome, stage: State) -> list[Problem]:
    """Weakened rules that whoever publishes may not put in force."""
    if stage is not State.ENFORCE or context.actor.role is Role.OWNER or not outcome.weakened:
        return []
    words = said("owner", rules=named([one.rule for one in outcome.weakened]))
    return [Problem(outcome.weakened[0].place, words, words)]


def _compare(passed: Passed, shops: Shops, context: Context, asked: Asked, targets: list[Target]) -> None:
    if not asked.archives:
        note(said("no_archive"))
        return
    compare = compare_rules if passed.kind is Kind.RULES else compare_offers
    passed.gate, refusals = compare(
        shops, context.merchant.slug, targets, asked.archives, asked.limits, context.settings, context.at
    )
    passed.refusals += refusals


def _target(context: Context, shop: "ShopRow", kind: Kind, version: Version) -> Target:
    before = context.published.standing(shop.id).without_shadow
    now = before.deciding(kind)
    levels: Levels = (version, now[1]) if context.shop is None else (now[0], version)
    after = Standing(levels, before.playbooks) if kind is Kind.RULES else Standing(before.rules, levels)
    return Target(shop, before, after)


async def _store(
    store: "Store", clock: "Clock", context: Context, passed: list[Passed], stage: State, reason: str | None
) -> list[dict[str, Any]]:
    shop = context.shop.id if context.shop is not None else None
    told: list[dict[str, Any]] = []
    async with store.merchant(context.merchant.id) as session:
        await rows.lock(session)
        newest = await session.scalar(select(PublicationRow.serial).order_by(PublicationRow.serial.desc()).limit(1))
        if (newest or 0) != context.serial:
            raise BadInput("somebody published meanwhile", remedy="look at policy published and run it again")
        for one in passed:
            new = New(one.kind, one.files, shop, one.outcome.packs, one.outcome.told(reason), one.gate, reason)
            row = await rows.add(session, context.merchant.id, new, stage, context.actor, clock.now())
            told.append(
                {
                    "number": row.number,
                    "kind": row.kind,
                    "shop": context.shop.slug if context.shop is not None else None,
                    "state": row.state,
                    "hash": row.hash,
                    "packs": row.packs,
                    "weakened": row.weakened,
                    "gate": row.gate,
                }
            )
    return told
