"""What a shop enters: refused where it could not work, and who is whose."""

from typing import Any

import pytest
from copilot_adapter_matrix.conformance import MatrixProof
from copilot_adapter_matrix.settings import MatrixSettings
from pydantic import ValidationError


def settings(**changed: Any) -> MatrixSettings:
    return MatrixSettings.model_validate({**MatrixProof().settings(), **changed})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("homeserver", "http://matrix.example.org"),
        ("homeserver", "https://user@matrix.example.org"),
        ("homeserver", "matrix.example.org"),
        ("bot", "support"),
        ("agents_room", "#agents:example.org"),
        ("people", "@anna:example.org"),
        ("people", "@anna:example.org=anna, @anna:example.org=bob"),
        ("people", "=anna"),
        ("colleagues", "anna"),
        ("as_token", " "),
        ("hs_token", ""),
    ],
)
def test_what_cannot_work_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        settings(**{name: value})


def test_who_writes_for_the_shop_is_who_is_named_and_the_bot() -> None:
    found = settings(people="@anna:example.org=anna, @o=p:example.org = op", colleagues="@kim:example.org, ")
    assert [found.login_of(one) for one in ("@anna:example.org", "@o=p:example.org", "@kim:example.org")] == [
        "anna",
        "op",
        None,
    ]
    ours = ["@anna:example.org", "@o=p:example.org", "@kim:example.org", "@support:example.org"]
    assert all(found.is_ours(one) for one in ours)
    assert not found.is_ours("@anna:example.org.evil.example")
    assert not found.is_ours(" @support:example.org")


def test_a_room_on_a_loopback_server_may_speak_in_clear() -> None:
    assert settings(homeserver="http://127.0.0.1:8008/").homeserver == "http://127.0.0.1:8008"
