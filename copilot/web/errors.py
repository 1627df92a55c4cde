"""Every refusal as JSON, in the language of whoever asked.

Owns status codes; the words stand in ``desk/error_words.py``. What somebody sent is never repeated in an answer or in a
log.
"""

import re
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException

from copilot.access.errors import (
    AgentLimit,
    LastOwner,
    NotOverThem,
    NotVerified,
    OwnAccess,
    TooManyAttempts,
    WrongLogin,
)
from copilot.access.scopes import OutOfScope
from copilot.desk.error_words import ERRORS, words_of
from copilot.desk.words import Language
from copilot.domain.errors import BadInput, CopilotError, DatabaseUnavailable
from copilot.logs import get_logger

log = get_logger(__name__)


class Refused(CopilotError):
    """A request that is answered with an error; ``extra`` is what the caller needs besides the words."""

    code = "refused"
    status = 400

    def __init__(self, message: str = "", **extra: Any) -> None:
        """``message`` is for the log; people read the words of the code."""
        super().__init__(message or self.code)
        self.extra = extra


class NotSignedIn(Refused):
    """Nobody is signed in."""

    code = "not_signed_in"
    status = 401


class CsrfRefused(Refused):
    """The change did not come from our own page."""

    code = "csrf"
    status = 403


class NotAllowed(Refused):
    """The role does not allow it."""

    code = "not_allowed"
    status = 403


class NotListed(Refused):
    """No shop lets this tool show its conversations."""

    code = "origin_not_listed"
    status = 403


class NotFound(Refused):
    """There is no such thing, or it is another merchant's."""

    code = "not_found"
    status = 404


class Unfit(Refused):
    """The request cannot be understood; ``field`` names where."""

    code = "bad_input"
    status = 422


class WeekRuns(Refused):
    """The week is not over; ``last`` is the Monday of the newest one that is."""

    code = "week_runs"
    status = 422


class Unreachable(Refused):
    """The shop cannot write first about an order; ``code`` is the error that says why."""

    status = 409

    def __init__(self, code: str, status: int) -> None:
        """``code`` has its words in ``desk/error_words.py``."""
        super().__init__(code)
        self.code = code
        self.status = status


class NotSendable(Refused):
    """The platform takes nothing of this kind."""

    code = "unsupported"
    status = 422


class Stale(Refused):
    """The draft has changed; carries the card as it stands."""

    code = "stale_draft"
    status = 409


class Blocked(Refused):
    """A text that policy blocks; carries its verdict."""

    code = "text_blocked"
    status = 422


class AboveCeiling(Refused):
    """What the reply gives is more than is left; carries which ceiling and what it leaves."""

    code = "over_ceiling"
    status = 422


class TooLateToAsk(Refused):
    """The window of a follow-up has passed."""

    code = "follow_up_over"
    status = 409


class AskedAlready(Refused):
    """The draft has an open request to a supervisor."""

    code = "already_asked"
    status = 409


class NotLowerable(Refused):
    """A request that has no amount to lower; ``field`` names what of the ruling does not go with it."""

    code = "not_lowerable"
    status = 422


class OwnAsked(Refused):
    """The supervisor asked for it themself."""

    code = "own_request"
    status = 403


class NeedsOwner(Refused):
    """The version weakens rules that block, and only an owner may put it in force; carries which."""

    code = "owner_needed"
    status = 403


class NeedsVouching(Refused):
    """A text with claims that nothing supports; carries them and the verdict."""

    code = "needs_vouching"
    status = 422


class Differs(Refused):
    """A text and its translation do not state the same; carries the kinds of things in ``differing``."""

    code = "translation_differs"
    status = 422


class WrongState(Refused):
    """The thing is not in a state in which this can be done."""

    code = "wrong_state"
    status = 409


class WithOther(Refused):
    """The conversation is with somebody else; carries the ``holder``, null when it is with nobody any more."""

    code = "held_by_other"
    status = 409


class NotApplicable(Refused):
    """There is nothing of this here: one person receives everything, or the platform gives out."""

    code = "not_applicable"
    status = 409


class NotConnected(Refused):
    """The shop's platform cannot be asked."""

    code = "shop_not_connected"
    status = 409


class LoginTaken(Refused):
    """The login is somebody's, here or at another merchant's."""

    code = "login_taken"
    status = 409


class PasswordUnfit(Refused):
    """A password that is too short, too long, or the login."""

    code = "password_unfit"
    status = 422


class SettingsUnfit(Refused):
    """A setting of a shop's adapter cannot be used; ``field`` names it."""

    code = "setting_unfit"
    status = 422


class TokenTaken(Refused):
    """A token of that name is in use."""

    code = "token_taken"
    status = 409


class OriginUnfit(Refused):
    """Something that is no origin; ``field`` names the list and ``line`` which of it, counted from 1."""

    code = "origin_unfit"
    status = 422


class PublishedMeanwhile(Refused):
    """Somebody published while this was being checked."""

    code = "published_meanwhile"
    status = 409


class SeveralFolders(Refused):
    """A shop's own files lie in several folders of the deployment, which no published version can hold as one."""

    code = "several_folders"
    status = 409


class AdapterMissing(Refused):
    """The shop's adapter is not installed, so that nobody knows its settings."""

    code = "adapter_missing"
    status = 409


_STATUS: Final[dict[type[CopilotError], int]] = {
    WrongLogin: 401,
    TooManyAttempts: 429,
    OwnAccess: 403,
    NotOverThem: 403,
    LastOwner: 409,
    AgentLimit: 409,
    NotVerified: 409,
    OutOfScope: 403,
    BadInput: 422,
    DatabaseUnavailable: 503,
}
_BY_STATUS: Final = {401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}
_CHINESE: Final = re.compile(r"\s*zh\b", re.IGNORECASE)


def language_of(request: Request) -> Language:
    """The person's language, else the first one that the browser asks for and we have, else English."""
    known = getattr(request.state, "language", None)
    if known in ("zh", "en"):
        return known
    for part in request.headers.get("accept-language", "").split(","):
        if _CHINESE.match(part):
            return "zh"
        if part.strip().lower().startswith("en"):
            return "en"
    return "en"


def answer(request: Request, code: str, status: int, **extra: Any) -> JSONResponse:
    """The error as JSON; ``extra`` stands beside the words."""
    message, remedy = words_of(code, language_of(request))
    return JSONResponse({"error": {"code": code, "message": message, "remedy": remedy, **extra}}, status_code=status)


def handle_errors(app: FastAPI) -> None:
    """Make every error of the product an answer."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(CopilotError, _known)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(StarletteHTTPException, _http)
    for kind in (OperationalError, InterfaceError, InternalError, PoolTimeout):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _defect)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return answer(request, error.code, error.status, **error.extra)


def _known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CopilotError)
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    if status >= 500:
        log.error("request_failed", error=error)
    made = answer(request, error.code if error.code in ERRORS else "internal", status)
    if isinstance(error, TooManyAttempts):
        made.headers["Retry-After"] = str(error.retry_after)
    return made


def _unfit(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Places only: what was sent there is somebody's.
    places = [[str(part) for part in one["loc"]] for one in error.errors()]
    if any(place[:1] == ["path"] for place in places):
        return answer(request, NotFound.code, NotFound.status)
    return answer(request, Unfit.code, Unfit.status, field=".".join(places[0][1:]) or None if places else None)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    made = answer(request, _BY_STATUS.get(error.status_code, Unfit.code), error.status_code)
    made.headers.update(error.headers or {})
    return made


def _database(request: Request, error: Exception) -> JSONResponse:
    log.error("database_unavailable", error=error)
    return answer(request, DatabaseUnavailable.code, 503)


def _defect(request: Request, error: Exception) -> JSONResponse:
    return answer(request, "internal", 500)
