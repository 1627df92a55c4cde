"""docs/formats.md and docs/schemas against the code."""

import json
import re
from collections.abc import Iterator
from functools import cache

import jsonschema
import pytest
import yaml

from copilot.cli import schemas as written
from copilot.cli.schemas import PRINTED, READ, rendered, shape, with_tables
from copilot.domain.conversation import Conversation
from copilot.domain.reason import Reason
from tests.conftest import ROOT, Cli

PAGE = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
STALE = "run: python -m copilot.cli.schemas"
schemas = cache(written.schemas)


def _examples() -> Iterator[tuple[str, str, str]]:
    return iter(re.findall(r"<!-- example: ([a-z-]+) -->\n```(json|yaml)\n(.*?)```", PAGE, re.DOTALL))


def _value(form: str, text: str) -> object:
    return json.loads(text) if form == "json" else json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_the_schemas_are_up_to_date() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs/schemas").glob("*.json")}
    assert files == {name: rendered(schema) for name, schema in schemas().items()}, STALE


def test_the_tables_are_up_to_date() -> None:
    assert with_tables(PAGE) == PAGE, STALE
    assert all(f"| {reason.value} |" in PAGE for reason in Reason)


@pytest.mark.parametrize(("name", "form", "text"), list(_examples()))
def test_every_example_is_valid(name: str, form: str, text: str) -> None:
    value = _value(form, text)
    jsonschema.Draft202012Validator(schemas()[name]).validate(value)
    # The shape is stricter than its schema where a validator speaks.
    shape({**READ, **PRINTED}[name]).model_validate(value)


def test_every_example_uses_known_keys_only() -> None:
    for name, form, text in _examples():
        model = shape({**READ, **PRINTED}[name])
        value = _value(form, text)
        assert isinstance(value, dict)
        assert set(value) <= set(model.model_fields), name


def test_every_schema_is_told_on_the_page() -> None:
    assert [name for name in schemas() if f"schemas/{name}.json" not in PAGE and f"`{name}`" not in PAGE] == []


def test_claims_and_findings_of_the_examples_stand_where_they_say() -> None:
    for name, form, text in _examples():
        value = _value(form, text)
        if name == "draft-result" and isinstance(value, dict) and value["draft"]:
            draft = value["draft"]
            assert [draft["text"][claim["start"] : claim["end"]] for claim in draft["claims"]] == [
                claim["text"] for claim in draft["claims"]
            ]


def _files() -> Iterator[tuple[str, str]]:
    kinds = {
        "rules": "rule",
        "packs": "pack",
        "profiles": "profile",
        "profiles/calendars": "calendar",
        "terms": "terms",
    }
    kinds |= {"playbooks": "playbook", "fold": "fold", "presets": "presets", "voice": "voice"}
    for path in sorted((ROOT / "policies").rglob("*.yaml")):
        folder = path.parent.relative_to(ROOT / "policies").as_posix()
        lists = ("options", "words", "topics", "adverts", "matters")
        special = f"playbook-{path.stem}" if folder == "playbooks" and path.stem in lists else None
        if folder == "knowledge":
            special = f"knowledge-{'entries' if '.' in path.stem else path.stem}"
        kind = special or kinds.get(folder) or kinds[folder.split("/")[0]]
        yield kind, path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("name", "file"), list(_files()))
def test_every_shipped_file_fits_its_schema(name: str, file: str) -> None:
    validator = jsonschema.Draft202012Validator(schemas()[name])
    for document in yaml.safe_load_all((ROOT / file).read_text(encoding="utf-8")):
        validator.validate(json.loads(json.dumps(document, default=str)))


def test_a_minimal_conversation_is_enough() -> None:
    Conversation.model_validate({"id": "c", "messages": [{"role": "buyer", "text": "hi"}]})


@pytest.mark.parametrize("command", ["classify", "mask", "policy check"])
@pytest.mark.parametrize("text", ["快递到哪里了", "call me at 13812345678", "thanks!"])
def test_what_commands_print_fits_its_schema(cli: Cli, command: str, text: str) -> None:
    name = {"classify": "classify-line", "mask": "mask-line", "policy check": "verdict"}[command]
    done = cli(*command.split(), "-", stdin=json.dumps({"text": text}) + "\n")
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    jsonschema.Draft202012Validator(schemas()[name]).validate(json.loads(line))
