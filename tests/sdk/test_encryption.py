"""Encrypted deliveries against values that two platforms show in public; rubbish is Malformed and nothing else."""

import base64
import contextlib
import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from copilot.sdk import Malformed
from copilot.sdk.encryption import opened, unpacked
from copilot.sdk.signing import hash_hex, same

LARK_KEY = "test key"
LARK_SEALED = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="

WECOM_TOKEN, WECOM_STAMP, WECOM_NONCE = "QDG6eK", "1409659589", "263014780"
WECOM_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="


def lark(key: str, text: str) -> bytes:
    """As that platform seals: the key's digest is the key, and the first block is the vector."""
    return opened(hashlib.sha256(key.encode()).digest(), unpacked(text))


def wecom(key: str, text: str) -> tuple[bytes, bytes]:
    """The message and for whom it is: behind sixteen bytes of chance and its own length."""
    raw = unpacked(key + "=")
    plain = opened(raw, unpacked(text), vector=raw[:16], padded_to=32)
    length = int.from_bytes(plain[16:20], "big")
    return plain[20 : 20 + length], plain[20 + length :]


def test_what_lark_shows_is_opened() -> None:
    assert lark(LARK_KEY, LARK_SEALED) == b"hello world"


def test_what_wecom_shows_is_verified_and_opened() -> None:
    """Its test of an address: the signature is over the sorted parts, the answer is the text within."""
    signed = "".join(sorted([WECOM_TOKEN, WECOM_STAMP, WECOM_NONCE, WECOM_ECHO]))
    assert same("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", hash_hex(signed.encode(), digest="sha1"))
    assert wecom(WECOM_KEY, WECOM_ECHO) == (b"1616140317555161061", b"wx5823bf96d3bd56c7")


@pytest.mark.parametrize("key", ["test keY", ""])
def test_another_key_opens_nothing(key: str) -> None:
    with pytest.raises(Malformed):
        lark(key, LARK_SEALED)


def test_a_text_that_lost_its_end_is_malformed() -> None:
    with pytest.raises(Malformed, match="blocks"):
        lark(LARK_KEY, base64.b64encode(unpacked(LARK_SEALED)[:-1]).decode())
    with pytest.raises(Malformed, match="blocks"):
        lark(LARK_KEY, base64.b64encode(unpacked(LARK_SEALED)[:16]).decode())


@pytest.mark.parametrize("text", ["P37w", "=", "下", "P37w+VZI mNgP", "\ud800", "*" * 44])
def test_what_is_no_sealed_text_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        lark(LARK_KEY, text)


KEY, VECTOR = bytes(range(32)), bytes(range(16))


def sealed(padded: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(VECTOR)).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


@given(st.binary(max_size=200), st.sampled_from([16, 32]))
def test_what_was_filled_up_comes_back_as_it_was(plain: bytes, size: int) -> None:
    fill = size - len(plain) % size
    assert opened(KEY, sealed(plain + bytes([fill]) * fill), vector=VECTOR, padded_to=size) == plain


@pytest.mark.parametrize("end", [b"\x00", b"\x11", b"\x20", b"\x01\x02", b"\x03\x03\x04\x03", b"\xff"])
def test_a_filling_that_is_none_is_malformed(end: bytes) -> None:
    with pytest.raises(Malformed, match="another key"):
        opened(KEY, sealed(b"x" * (32 - len(end)) + end), vector=VECTOR)


@given(st.binary(max_size=128))
def test_bytes_of_any_kind_raise_nothing_else(body: bytes) -> None:
    for vector in (None, VECTOR):
        with contextlib.suppress(Malformed):
            assert isinstance(opened(KEY, body, vector=vector), bytes)


@pytest.mark.parametrize(("key", "vector", "size"), [(b"short", VECTOR, 16), (KEY, b"short", 16), (KEY, VECTOR, 17)])
def test_a_mistake_of_the_callers_is_no_fault_of_the_delivery(key: bytes, vector: bytes, size: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        opened(key, sealed(b"\x10" * 16), vector=vector, padded_to=size)
