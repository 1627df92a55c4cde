"""What an operator typed becomes settings, or one line that names what is wrong and shows no value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from copilot.access.forms import filled, listed
from copilot.domain.errors import BadInput
from copilot.sdk import AdapterSettings


class Form(AdapterSettings):
    app_key: str = Field(description="the app's key.")
    app_secret: SecretStr
    spare: SecretStr | None = None
    recent_days: int = Field(default=30, ge=1, le=90)


GOOD = {"app_key": "k", "app_secret": "s"}


def test_strings_become_what_the_adapter_wants() -> None:
    form = filled(Form, {**GOOD, "recent_days": "7", "spare": None}, "sample")
    assert form.recent_days == 7
    assert form.app_secret.get_secret_value() == "s"
    assert form.spare is None


def test_the_list_says_what_is_secret_and_what_may_be_left_out() -> None:
    assert listed(Form) == (
        "app_key (the app's key); app_secret (secret); spare (secret, optional); recent_days (optional)"
    )


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"app_key": "canary"}, "sample: the setting app_secret is missing; settings: app_key ("),
        ({**GOOD, "app_secrte": "canary"}, "there is no setting app_secrte; did you mean app_secret?"),
        ({**GOOD, "zzz": "canary"}, "there is no setting zzz; settings:"),
        ({**GOOD, "recent_days": "canary"}, "the setting recent_days: "),
        ({**GOOD, "recent_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_named_and_not_shown(values: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput) as caught:
        filled(Form, values, "sample")
    assert says in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__


@given(st.dictionaries(st.sampled_from(["app_key", "app_secret", "recent_days"]), st.integers(10**9, 10**10)))
def test_no_value_is_ever_in_a_message(values: dict[str, int]) -> None:
    wrong = {**{key: str(value) for key, value in values.items()}, "other": "1234567890"}
    with pytest.raises(BadInput) as caught:
        filled(Form, wrong, "sample")
    assert not any(value in str(caught.value) for value in wrong.values())
