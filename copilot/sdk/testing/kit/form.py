"""Checks of level listed: what can be seen of an adapter without any traffic."""

import asyncio
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import SecretStr, ValidationError

from copilot.sdk.contract import ADAPTER_API, Adapter, AdapterSettings, Level, Limits
from copilot.sdk.table import declared_by, modes_of
from copilot.sdk.testing.kit.bench import Bench
from copilot.sdk.testing.kit.check import require, wrong

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_SECRET: Final = re.compile(r"secret|password|(^|_)token$")
_HEAVY: Final = frozenset(
    {
        "alembic", "fastapi", "langgraph", "litellm", "numpy", "presidio_analyzer", "procrastinate", "psycopg",
        "pytest", "spacy", "sqlalchemy", "starlette", "torch", "transformers", "typer", "uvicorn",
    }
)  # fmt: skip
"""What a process that only sends must not pay for."""
_CANARY: Final = "canary-of-a-secret"


async def version(bench: Bench) -> None:
    """It states the version of the contract it was written for."""
    api = bench.adapter().api
    require(api == ADAPTER_API, f"api is {api}, this contract is {ADAPTER_API}")


async def name(bench: Bench) -> None:
    """Its name can stand in an address."""
    found = bench.adapter().name
    require(isinstance(found, str) and _NAME.fullmatch(found), "name must be lower-case letters, digits and _")


async def way_in(bench: Bench) -> None:
    """Messages can come in."""
    require(modes_of(bench.adapter()), "it implements neither Webhook nor Polling nor Connecting")


async def parts(bench: Bench) -> None:
    """Limits and level are of the contract's types."""
    adapter = bench.adapter()
    require(isinstance(adapter.limits, Limits), "limits must be a Limits")
    require(isinstance(adapter.level, Level), "level must be a Level")
    require(isinstance(adapter.idempotent_send, bool), "idempotent_send must be true or false")


async def methods(bench: Bench) -> None:
    """Every method has the parameters of the contract and is async where the contract is."""
    adapter = bench.adapter()
    protocols = [Adapter, *(one.protocol for one in (*modes_of(adapter), *declared_by(adapter)))]
    for protocol in protocols:
        for called, wanted in _methods(protocol):
            _compare(f"{protocol.__name__}.{called}", getattr(adapter, called), wanted)


def _methods(protocol: type) -> Iterator[tuple[str, Any]]:
    for called, member in vars(protocol).items():
        if inspect.isfunction(member) and not called.startswith("_"):
            yield called, member


def _compare(place: str, given: Any, wanted: Any) -> None:
    names = list(inspect.signature(given).parameters)
    need = list(inspect.signature(wanted).parameters)[1:]
    require(names[: len(need)] == need, f"{place} takes ({', '.join(need)})")
    more = [one for one in list(inspect.signature(given).parameters.values())[len(need) :] if one.default is one.empty]
    require(not more, f"{place} asks for more than ({', '.join(need)})")
    # connect() is an async generator in an adapter and a plain function in the protocol: neither is a coroutine.
    told, asked = inspect.iscoroutinefunction(given), inspect.iscoroutinefunction(wanted)
    require(told == asked, f"{place} must {'' if asked else 'not '}be async")


async def settings_words(bench: Bench) -> None:
    """People are told what each setting is."""
    form: type[AdapterSettings] = bench.adapter().settings
    without = [key for key, field in form.model_fields.items() if not (field.title and field.description)]
    require(not without, f"settings without title or description: {', '.join(without)}")


async def settings_secrets(bench: Bench) -> None:
    """What is a secret is never plain text."""
    form: type[AdapterSettings] = bench.adapter().settings
    plain = [
        key
        for key, field in form.model_fields.items()
        if _SECRET.search(key) and str in _types(field.annotation) and SecretStr not in _types(field.annotation)
    ]
    require(not plain, f"settings that must be SecretStr: {', '.join(plain)}")


def _types(annotation: Any) -> set[Any]:
    if get_origin(annotation) in (Union, UnionType):
        return {found for one in get_args(annotation) for found in _types(one)}
    return {annotation}


async def settings_strict(bench: Bench) -> None:
    """A setting that does not exist is refused: it would be a typing error that nobody notices."""
    form = bench.adapter().settings
    try:
        form.model_validate({**bench.proof.settings(), "no_such_setting_": "x"})
    except ValidationError:
        return
    wrong("an unknown setting is accepted: keep extra='forbid'")


async def settings_quiet(bench: Bench) -> None:
    """A setting that is wrong is not repeated."""
    form: type[AdapterSettings] = bench.adapter().settings
    for key in form.model_fields:
        try:
            form.model_validate({**bench.proof.settings(), key: {_CANARY: _CANARY}})
            form.model_validate({**bench.proof.settings(), key: f" {_CANARY} \n://"})
        except ValidationError as error:
            require(_CANARY not in str(error), f"the error about the setting {key} repeats what was entered")


async def settings_stored(bench: Bench) -> None:
    """Settings survive being stored as JSON, as the core stores them."""
    settings: AdapterSettings = bench.settings()
    shown, plain = settings.model_dump(mode="json"), settings.model_dump()
    revealed = {
        key: value.get_secret_value() if isinstance(value, SecretStr) else shown[key] for key, value in plain.items()
    }
    try:
        again: AdapterSettings = type(settings).model_validate(json.loads(json.dumps(revealed)))
    except (ValidationError, TypeError):
        wrong("settings that were stored as JSON cannot be read back")
    require(again == settings, "settings that were stored as JSON come back changed")


async def secrets_hidden(bench: Bench) -> None:
    """No repr and no str shows a secret."""
    async with bench.account() as (account, _):
        shown = [repr(one) + str(one) for one in (account.settings, account, bench.adapter())]
    for secret in bench.secrets():
        require(all(secret not in one for one in shown), "a secret stands in a repr")


async def state_free(bench: Bench) -> None:
    """Two instances share nothing that could be changed: what one shop did must not reach another."""
    one, other = bench.adapter(), bench.adapter()
    shared = [
        key
        for kind in type(one).__mro__[:-1]
        for key, value in vars(kind).items()
        if isinstance(value, (list, dict, set, bytearray)) and getattr(other, key, None) is value
        if not key.startswith("__") and key not in ("_abc_impl",)
    ]
    require(not shared, f"the class holds what can be changed: {', '.join(shared)}")


async def light(bench: Bench) -> None:
    """Importing it loads no model library, no web server and no database."""
    module = bench.proof.adapter.__module__
    program = f"import sys, {module}; print('\\n'.join(sys.modules))"
    paths = os.pathsep.join(one or os.getcwd() for one in sys.path)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    require(done.returncode == 0, f"the module {module} cannot be imported by itself")
    loaded = done.stdout.split()
    heavy = sorted(_HEAVY & {one.partition(".")[0] for one in loaded})
    require(not heavy, f"importing it loads {', '.join(heavy)}")
    testing = [one for one in loaded if one.startswith("copilot.sdk.testing")]
    require(not testing, "importing it loads copilot.sdk.testing: keep emulator and proof in modules of their own")
