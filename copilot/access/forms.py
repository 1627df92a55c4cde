"""Turns what an operator typed into an adapter's settings; messages name settings and never show what was typed."""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import SecretStr, ValidationError

from copilot.domain.errors import BadInput
from copilot.sdk import AdapterSettings

S = TypeVar("S", bound=AdapterSettings)


def filled(form: type[S], values: Mapping[str, Any], adapter: str) -> S:
    """The settings of ``adapter`` that ``values`` give; None leaves a setting out.

    Raises:
        BadInput: a setting is missing, unknown or wrong; the message lists what there is.
    """
    try:
        return form.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        raise BadInput(f"{adapter}: {_told(form, error)}", remedy=f"settings: {listed(form)}") from None


def listed(form: type[AdapterSettings]) -> str:
    """The settings there are, in one line: what each is for, which are secrets, and which may be left out."""
    return "; ".join(_one(form, name) for name in form.model_fields)


def _one(form: type[AdapterSettings], name: str) -> str:
    field = form.model_fields[name]
    marks = [mark.rstrip(".。") for mark in (field.description or field.title,) if mark]
    if SecretStr in (field.annotation, *get_args(field.annotation)):
        marks.append("secret")
    if not field.is_required():
        marks.append("optional")
    return f"{name} ({', '.join(marks)})" if marks else name


def _told(form: type[AdapterSettings], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing":
        return f"the setting {name} is missing"
    if first["type"] == "extra_forbidden":
        close = difflib.get_close_matches(name, form.model_fields, n=1)
        return f"there is no setting {name}" + (f"; did you mean {close[0]}?" if close else "")
    why = first["msg"].removeprefix("Value error, ")
    return f"the setting {name}: {why}" if name else why
