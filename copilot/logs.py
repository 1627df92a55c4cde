"""Logs: JSON lines on standard error, made so that a buyer's words and secrets cannot get into them.

Errors are reduced to what helps an operator (class, code, SQLSTATE, constraint, place), because their messages carry
values; of other libraries' messages only the fixed part is kept. It configures logging and stores nothing.
"""

import logging
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from copilot.domain.errors import CopilotError

WITHHELD = "[withheld]"

# Named here because they would be somebody's words or keys wherever they turn up.
_PRIVATE = frozenset(
    {"args", "authorization", "body", "content", "cookie", "kwargs", "message", "nickname", "password", "payload"}
    | {"phone", "prompt", "secret", "text", "token", "url"}
)
# What the server says about itself: addresses and process ids.
_PLAIN_SPOKEN = frozenset({"uvicorn.error"})
_LONGEST = 300
_FRAMES = 4
_CHAIN = 5


_SHARED: list[Any] = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level]

structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=False,
)
# Until a process configures its logs ours are silent: by default they would go to standard output, which is data.
logging.getLogger("copilot").addHandler(logging.NullHandler())


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger: ``log.info("draft.proposed", draft=draft_id)`` with ids, numbers and errors as values."""
    return structlog.stdlib.get_logger(name)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process, ours and libraries', to ``stream`` (default: standard error)."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # The template without its values: those may be anybody's.
            use_get_message=False,
            pass_foreign_args=True,
            foreign_pre_chain=[*_SHARED, _foreign],
            processors=[
                _name,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                _errors,
                _values,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # The queue writes every job with its arguments at these levels; the worker has lines of its own.
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("procrastinate.worker").addFilter(_worker_says_it)
    # An engine's echo would print parameters, an HTTP client its addresses; the rest tells of itself at every start.
    for name in (
        "sqlalchemy",
        "copilot.store.engine._TimedPool",
        "alembic",
        "presidio-analyzer",
        "httpx",
        "httpcore",
        "openai",
        "tldextract",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)


def _worker_says_it(record: logging.LogRecord) -> bool:
    return getattr(record, "action", "") != "job_error"


def _name(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    return event


def _foreign(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record = event["_record"]
    values = event.pop("positional_args", ())
    if record.name.split(".")[0] == "procrastinate":
        # Its messages are built with the job's arguments; "action" is a fixed word.
        event["event"] = f"queue.{getattr(record, 'action', 'message')}"
        job = cast(dict[str, Any], getattr(record, "job", None) or {})
        event.update(task=job.get("task_name"), job=job.get("id"))
    else:
        # asyncio puts the failed task, its exception included, into the lines after the first.
        said = str(event["event"])
        if record.name in _PLAIN_SPOKEN and record.levelno < logging.ERROR and isinstance(values, tuple) and values:
            said %= values
        event["event"] = said.partition("\n")[0]
    return event


def _errors(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    error = cast(Any, info)[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.setdefault("error", error)
    return {key: describe(value) if isinstance(value, BaseException) else value for key, value in event.items()}


def _values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: _safe(key, value) for key, value in event.items()}


def _safe(key: str, value: Any) -> Any:
    if key.lower() in _PRIVATE:
        return WITHHELD
    if isinstance(value, Mapping):
        return {str(name): _safe(str(name), inner) for name, inner in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(key, inner) for inner in cast(Iterable[Any], value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def describe(error: BaseException) -> list[dict[str, Any]]:
    """The error and what caused it, newest first: what may be logged of them."""
    chain: list[dict[str, Any]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(chain) < _CHAIN:
        seen.add(id(current))
        chain.append(_one(current))
        if isinstance(current, BaseExceptionGroup):
            group = cast(BaseExceptionGroup[BaseException], current)
            chain += [_one(inner) for inner in group.exceptions[:_CHAIN]]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


def _one(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    found: dict[str, Any] = {"type": name}
    if isinstance(error, CopilotError):
        # Written by us, by rule without values.
        found |= {"code": error.code, "says": str(error)}
    database = getattr(error, "orig", error)
    if sqlstate := getattr(database, "sqlstate", None):
        found["sqlstate"] = sqlstate
    diagnostics = getattr(database, "diag", None)
    for key in ("constraint_name", "table_name"):
        if value := getattr(diagnostics, key, None):
            found[key.removesuffix("_name")] = value
    if isinstance(error, OSError) and error.errno is not None:
        found["errno"] = error.errno
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    if frames:
        found["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return found
