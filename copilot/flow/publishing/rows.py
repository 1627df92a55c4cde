"""The life of a version: added, watching, in force, gone back from. One transaction each, with audit line and event.

All moves of a merchant's versions go one after the other (the merchant's row is locked), so that ``serial`` tells every
process whether it has seen the last one. Nothing is loaded here.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import MAY, Action, Role
from copilot.domain.errors import FlowError
from copilot.flow.publishing.files import Files, Kind, digest
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.tables import MerchantRow, PublicationRow, PublishedFileRow

TOPIC = "policy.published"


class State(StrEnum):
    """Where a version stands in its life."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ENFORCE = "enforce"
    RETIRED = "retired"


class OwnerNeeded(FlowError):
    """The version switches off or weakens rules that block, and whoever publishes it is not an owner."""

    code = "owner_needed"

    def __init__(self, number: int, rules: Sequence[str]) -> None:
        """``rules`` are those that version ``number`` weakens."""
        super().__init__(
            f"version {number} switches off or weakens what blocks: {', '.join(rules)}", remedy="let an owner do it"
        )
        self.rules = tuple(rules)


class NotPublisher(FlowError):
    """The role may not publish."""

    code = "not_allowed"


class NothingToMove(FlowError):
    """There is no version that could make this move."""

    code = "wrong_state"


@dataclass(frozen=True)
class Actor:
    """Who publishes: ``by`` is a person's id, or ``audit.COMMAND`` for the operator, who has no ``role``."""

    by: str = audit.COMMAND
    role: Role | None = None

    def may_publish(self) -> bool:
        """Whether the role allows it."""
        return self.role is None or Action.MANAGE in MAY[self.role]


@dataclass(frozen=True)
class New:
    """A version to be: the columns of the same names in ``PublicationRow``; ``shop`` None means all shops."""

    kind: Kind
    files: Files
    shop: uuid.UUID | None = None
    packs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    weakened: Sequence[Mapping[str, Any]] = ()
    gate: Mapping[str, Any] | None = None
    reason: str | None = None


async def add(
    session: AsyncSession, merchant: uuid.UUID, new: New, to: State, actor: Actor, now: datetime
) -> PublicationRow:
    """Store a version and bring it ``to`` draft, shadow or enforce.

    Raises:
        NotPublisher: the role may not publish.
        OwnerNeeded: it would take effect and weakens what blocks, and the actor is not an owner.
    """
    require_publisher(actor)
    serial = await lock(session)
    number = (await session.scalar(select(func.max(PublicationRow.number)))) or 0
    row = PublicationRow(
        merchant=merchant,
        id=uuid.uuid4(),
        shop=new.shop,
        kind=new.kind,
        number=number + 1,
        hash=digest(new.files),
        state=State.DRAFT,
        serial=serial,
        packs=dict(new.packs),
        weakened=[dict(one) for one in new.weakened],
        gate=dict(new.gate) if new.gate is not None else None,
        trouble={},
        reason=new.reason,
        by=actor.by,
        created_at=now,
        rolled_back=False,
    )
    session.add(row)
    await session.flush()
    session.add_all(
        PublishedFileRow(merchant=merchant, publication=row.id, path=path, text=content)
        for path, content in sorted(new.files.items())
    )
    await _tell(session, row, "publication.added", actor, now)
    if to is not State.DRAFT:
        await promote(session, row.id, to, actor, now)
    return row


async def promote(
    session: AsyncSession, publication: uuid.UUID, to: State, actor: Actor, now: datetime
) -> PublicationRow:
    """Bring a version that is a draft or in shadow to shadow or into force; the one that stood there is retired.

    Raises:
        NothingToMove: it is not there, or no longer in a state before ``to``.
        NotPublisher, OwnerNeeded: the actor may not.
    """
    require_publisher(actor)
    serial = await lock(session)
    row = await session.scalar(
        select(PublicationRow).where(PublicationRow.id == publication).execution_options(populate_existing=True)
    )
    before = {State.SHADOW: (State.DRAFT,), State.ENFORCE: (State.DRAFT, State.SHADOW)}[to]
    if row is None or row.state not in before:
        raise NothingToMove(f"no version that can go to {to}", remedy="see policy published")
    if to is State.ENFORCE:
        _require_owner(row, actor)
    standing = await _in_state(session, row, to)
    if standing is not None:
        standing.state, standing.retired_at, standing.serial = State.RETIRED, now, serial
        await session.flush()
    row.state, row.serial = to, serial
    if to is State.ENFORCE:
        row.enforced_at, row.enforced_by = now, actor.by
    else:
        row.shadow_at = now
    await _tell(session, row, f"publication.{to}", actor, now)
    return row


async def roll_back(
    session: AsyncSession, shop: uuid.UUID | None, kind: Kind, actor: Actor, now: datetime
) -> tuple[PublicationRow, PublicationRow | None]:
    """Go back from the version in force to the one before it; without one in force, end the one in shadow.

    Returns what was left and what holds now; None: the deployment's own folders hold again.

    Raises:
        NothingToMove: nothing is published there.
        NotPublisher, OwnerNeeded: the actor may not.
    """
    require_publisher(actor)
    serial = await lock(session)
    of = _scope(shop, kind)
    left = await session.scalar(select(PublicationRow).where(*of, PublicationRow.state == State.ENFORCE))
    back: PublicationRow | None = None
    if left is None:
        left = await session.scalar(select(PublicationRow).where(*of, PublicationRow.state == State.SHADOW))
    else:
        back = await session.scalar(
            select(PublicationRow).where(*of, *_was_good(), PublicationRow.enforced_at <= left.enforced_at)
            .order_by(PublicationRow.enforced_at.desc(), PublicationRow.number.desc()).limit(1)
        )  # fmt: skip
    if left is None:
        raise NothingToMove(f"no {kind} are published there", remedy="see policy published")
    if back is not None:
        _require_owner(back, actor)
    left.rolled_back = left.state == State.ENFORCE
    left.state, left.retired_at, left.serial = State.RETIRED, now, serial
    await session.flush()
    if back is not None:
        back.state, back.retired_at, back.serial = State.ENFORCE, None, serial
    action = "publication.rolled_back" if left.rolled_back else "publication.retired"
    await _tell(session, left, action, actor, now, {"to": back.number if back is not None else None})
    return left, back


def _was_good() -> tuple[ColumnElement[bool], ...]:
    """Versions that were in force once and were not gone back from."""
    return (
        PublicationRow.state == State.RETIRED,
        PublicationRow.enforced_at.is_not(None),
        PublicationRow.rolled_back.is_(False),
    )


def _scope(shop: uuid.UUID | None, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return PublicationRow.shop.is_not_distinct_from(shop), PublicationRow.kind == kind


async def _in_state(session: AsyncSession, row: PublicationRow, state: State) -> PublicationRow | None:
    of = _scope(row.shop, Kind(row.kind))
    return await session.scalar(select(PublicationRow).where(*of, PublicationRow.state == state))


async def listed(session: AsyncSession) -> list[PublicationRow]:
    """The merchant's versions, the newest first."""
    return list(await session.scalars(select(PublicationRow).order_by(PublicationRow.number.desc())))


async def standing_rows(session: AsyncSession, *, earlier: bool = False) -> list[PublicationRow]:
    """The versions that decide or watch, the newest first; then ``earlier`` ones that decided and were good."""
    stands = PublicationRow.state.in_((State.ENFORCE, State.SHADOW))
    order = (stands.desc(), PublicationRow.enforced_at.desc().nulls_first(), PublicationRow.number.desc())
    wanted = stands | and_(*_was_good()) if earlier else stands
    return list(await session.scalars(select(PublicationRow).where(wanted).order_by(*order)))


async def files_of(session: AsyncSession, publication: uuid.UUID) -> dict[str, str]:
    """The files of a version."""
    rows = await session.scalars(select(PublishedFileRow).where(PublishedFileRow.publication == publication))
    return {row.path: row.text for row in rows}


async def heads(store: Store) -> dict[uuid.UUID, int]:
    """By merchant how far its versions have moved; merchants without any are not there."""
    async with store.system() as session:
        rows = await session.execute(text("SELECT merchant, serial FROM app.publication_heads()"))
        return {row.merchant: row.serial for row in rows}


async def lock(session: AsyncSession) -> int:
    """Keep others from moving versions of this merchant; the serial of this move."""
    # Not FOR UPDATE: rows that refer to the merchant may be written meanwhile.
    await session.execute(select(MerchantRow.id).with_for_update(key_share=True))
    return ((await session.scalar(select(func.max(PublicationRow.serial)))) or 0) + 1


def require_publisher(actor: Actor) -> None:
    """Refuse whoever may not publish.

    Raises:
        NotPublisher: the role does not allow it.
    """
    if not actor.may_publish():
        raise NotPublisher("this role does not publish", remedy="ask an owner or a general admin")


def _require_owner(row: PublicationRow, actor: Actor) -> None:
    if row.weakened and actor.role is not Role.OWNER:
        raise OwnerNeeded(row.number, [str(one["rule"]) for one in row.weakened])


async def _tell(
    session: AsyncSession,
    row: PublicationRow,
    action: str,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    detail: dict[str, Any] = {"kind": row.kind, "number": row.number, "hash": row.hash, **(more or {})}
    if row.weakened:
        detail["weakened"] = [one["rule"] for one in row.weakened]
    await audit.record(
        session, merchant=row.merchant, by=actor.by, action=action, object=str(row.id), at=now, detail=detail
    )
    await events.append(session, merchant=row.merchant, topic=TOPIC, ref=str(row.id), at=now, shop=row.shop)
