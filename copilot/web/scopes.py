"""Whether the person's work covers what a request does; one that it does not is refused, and written down."""

from typing import NoReturn

from copilot.access import audit
from copilot.access.principal import Principal
from copilot.access.scopes import OutOfScope, Scope
from copilot.web.parts import Parts


async def require_scope(parts: Parts, principal: Principal, scope: Scope | None, object: str) -> None:
    """Let the person go on, or say what it takes; ``object`` is what the request is about.

    Raises:
        OutOfScope: it takes a scope that they do not have.
    """
    if scope is not None and scope not in principal.scopes:
        await refuse(parts, principal, scope, object)


async def refuse(parts: Parts, principal: Principal, scope: Scope, object: str) -> NoReturn:
    """Write down that the person wanted what their work does not cover, and say so.

    Raises:
        OutOfScope: always.
    """
    async with parts.store.merchant(principal.merchant) as session:
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action="scope.refused",
            object=object,
            detail={"scope": scope.value},
            at=parts.clock.now(),
        )
    raise OutOfScope(scope)
