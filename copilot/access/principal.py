"""Who makes a request, and the one table that says what each role may do."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from copilot.access.scopes import ALL_SCOPES, Scope

Language = Literal["zh", "en"]


class Action(StrEnum):
    """What a request wants to do.

    ``read`` look at conversations · ``check`` judge a text, and draft without storing · ``reply`` send a text of one's
    own · ``decide`` accept, edit or reject a draft · ``manage`` people, shops and tokens,
    and what a shop knows · ``assign`` say who receives, and move conversations that others hold · ``watch`` see how
    drafts are taken, by shop and issue · ``sample`` read the blind sample of a week · ``hear`` read what agents say of
    drafts.
    """

    READ = "read"
    CHECK = "check"
    REPLY = "reply"
    DECIDE = "decide"
    MANAGE = "manage"
    ASSIGN = "assign"
    WATCH = "watch"
    SAMPLE = "sample"
    HEAR = "hear"


class Role(StrEnum):
    """What somebody is to the merchant; ``adapter`` is for machines only."""

    OWNER = "owner"
    GENERAL_ADMIN = "general_admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    QA = "qa"
    ADAPTER = "adapter"


PERSON_ROLES: Final = (Role.OWNER, Role.GENERAL_ADMIN, Role.SUPERVISOR, Role.AGENT, Role.QA)
TOKEN_ROLES: Final = (Role.AGENT, Role.QA, Role.ADAPTER)

SENIOR: Final = frozenset({Role.OWNER, Role.GENERAL_ADMIN, Role.SUPERVISOR})
"""Whose ceilings are a supervisor's."""

_LOOK: Final = frozenset({Action.READ, Action.CHECK})
_WORK: Final = _LOOK | {Action.REPLY, Action.DECIDE}
_JUDGE: Final = frozenset({Action.WATCH, Action.SAMPLE, Action.HEAR})
MAY: Final[dict[Role, frozenset[Action]]] = {
    Role.OWNER: _WORK | {Action.MANAGE, Action.ASSIGN} | _JUDGE,
    Role.GENERAL_ADMIN: _WORK | {Action.MANAGE, Action.ASSIGN} | _JUDGE,
    Role.SUPERVISOR: _WORK | {Action.ASSIGN} | _JUDGE,
    Role.AGENT: _WORK,
    Role.QA: _LOOK | {Action.SAMPLE, Action.HEAR},
    # An adapter's token will deliver messages; it reads and changes nothing else.
    Role.ADAPTER: frozenset(),
}


def scopes_of(role: Role | str, given: Iterable[str]) -> frozenset[Scope]:
    """The scopes of a person: an agent's are ``given``, everybody above has all."""
    return frozenset(map(Scope, given)) if role == Role.AGENT else ALL_SCOPES


@dataclass(frozen=True)
class Principal:
    """The person or machine behind a request.

    ``id`` is the person's or the token's; ``login``, ``csrf`` and ``session`` are a person's only. What goes into
    ``by`` of a row is ``id`` as text. ``framed``: they came through an embedded panel, which answers buyers and manages
    nothing, whoever signed it in. ``scopes`` are the parts of an agent's work that are theirs.
    """

    merchant: uuid.UUID
    id: uuid.UUID
    kind: Literal["person", "token"]
    name: str
    role: Role
    language: Language
    login: str | None = None
    csrf: str | None = field(default=None, repr=False)
    session: uuid.UUID | None = None
    framed: bool = False
    scopes: frozenset[Scope] = ALL_SCOPES

    def can(self, action: Action) -> bool:
        """Whether the role, and the way they came, allow it."""
        return action in self._may

    def actions(self) -> tuple[str, ...]:
        """Everything that is allowed, sorted, for the page."""
        return tuple(sorted(action.value for action in self._may))

    @property
    def _may(self) -> frozenset[Action]:
        allowed = MAY[self.role] & _WORK if self.framed else MAY[self.role]
        return allowed if Scope.MESSAGE_REPLY in self.scopes else allowed - {Action.REPLY}
