"""Signature helpers against values that platforms published, or that the same algorithm gives; garbage never raises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.sdk.signing import hash_hex, hmac_base64, hmac_hex, is_fresh, same

SLACK = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
    b"https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
"""A published sample, whose secret is published too."""


@pytest.mark.parametrize(
    ("given_value", "wanted"),
    [
        (
            hmac_hex("8f742231b10e8888abcd99yyyzzz85a5", b"v0:", b"1531420618", b":", SLACK),
            "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ),
        (
            hmac_hex("whsec_test", b'1756000000.{"event":"message_created","id":118,"content":"hi"}'),
            "cf6a9b47e355fea1217e6ff0154bc01664745743bfa1a8305e23ff9dba6df801",
        ),
        (
            hash_hex(b"1700000000", b"nonce123", b"encKey", b'{"encrypt":"abc"}'),
            "d1902ce1eb90269cd7680903fe567e4192060797db7dcaf86aedee70d7e30040",
        ),
        (
            hash_hex(b"1700000000", b"nonce123", b"vtok", b'{"a":1}', digest="sha1"),
            "22896e2218e25852a027e0cfb795f2b5e10fe563",
        ),
        (
            hash_hex(
                b"1409659589263014780P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO"
                b"+FZXvnaqQ==QDG6eK",
                digest="sha1",
            ),
            "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        ),
    ],
    ids=["slack", "chatwoot", "lark", "lark card", "wecom"],
)
def test_values_that_platforms_published(given_value: str, wanted: str) -> None:
    assert same(given_value, wanted)


def test_base64_is_of_the_same_digest() -> None:
    import base64

    assert base64.b64decode(hmac_base64("k", b"a", b"b")).hex() == hmac_hex("k", b"ab")


@given(st.text(), st.text())
def test_only_the_same_text_is_the_same(one: str, other: str) -> None:
    assert same(one, other) is (one == other)
    assert same(one, one)


@pytest.mark.parametrize("value", ["\ud800", "\x00", "é", "下" * 5000])
def test_what_no_header_should_hold_is_simply_not_the_same(value: str) -> None:
    assert not same(value, "0" * 64)


@pytest.mark.parametrize(
    ("late", "fresh"), [(0, True), (300, True), (300.5, False), (-300, True), (-301, False), (86400, False)]
)
@pytest.mark.parametrize("unit", ["s", "ms"])
def test_a_stamp_is_fresh_within_the_window_either_way(late: float, fresh: bool, unit: str) -> None:
    then = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    stamp = str(int(then.timestamp() * (1000 if unit == "ms" else 1)))
    assert is_fresh(stamp, then + timedelta(seconds=late), 300, unit=unit) is fresh  # type: ignore[arg-type]


@given(st.text())
def test_a_stamp_of_any_kind_raises_nothing(stamp: str) -> None:
    assert is_fresh(stamp, datetime(2026, 11, 20, tzinfo=UTC), 300) in (True, False)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "٣٣٣٣", "9" * 5000, "1763611200\n"])
def test_only_digits_are_a_stamp(stamp: str) -> None:
    assert not is_fresh(stamp, datetime(2025, 11, 20, 4, 0, tzinfo=UTC), 1e12)
