"""What adapters share: how a call ends before any code is read, and what a shop may enter."""

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.sdk import Malformed, OutcomeUnknown, PlatformDown, bounded
from copilot.sdk.calls import LARGEST_ANSWER, broke_off, exchange, retry_after
from copilot.sdk.fields import BaseAddress, FilledSecret
from copilot.sdk.inbound import LARGEST_DELIVERY

UNHEARD = (httpx.ConnectError("s3cret"), httpx.ConnectTimeout("s3cret"), httpx.PoolTimeout("s3cret"))
BROKEN = (
    httpx.ReadError("s3cret"),
    httpx.ReadTimeout("s3cret"),
    httpx.WriteError("s3cret"),
    httpx.RemoteProtocolError("s3cret"),
    TimeoutError("s3cret"),
)


@pytest.mark.parametrize("error", [*UNHEARD, *BROKEN], ids=lambda error: type(error).__name__)
def test_only_what_nobody_heard_is_known_not_to_have_arrived(error: Exception) -> None:
    sent, read = (broke_off("POST /x", error, sending=sending) for sending in (True, False))
    assert type(sent) is (PlatformDown if error in UNHEARD else OutcomeUnknown)
    assert type(read) is PlatformDown
    assert str(sent).startswith(f"POST /x: {type(error).__name__}")
    assert "s3cret" not in f"{sent}{read}", "the client's own words may hold a token"


async def asked(answer: httpx.Response | Exception, *, sending: bool) -> object:
    """What ``exchange`` gives for an answer, or how it ends."""

    def answering(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(answering)) as http:
        try:
            return await exchange(http, http.build_request("POST", "https://a.example"), "POST /x", sending=sending)
        except (OutcomeUnknown, PlatformDown) as error:
            return error


async def test_an_answer_is_read_whatever_its_status() -> None:
    for status, ok in ((200, True), (204, True), (302, False), (404, False), (503, False)):
        read = await asked(httpx.Response(status, headers={"Retry-After": "7"}, content=b"words"), sending=True)
        assert (read.status, read.body, read.ok) == (status, b"words", ok)  # type: ignore[attr-defined]
        assert retry_after(read.headers) == 7  # type: ignore[attr-defined]
        assert "words" not in repr(read)


async def test_more_than_any_answer_has_is_not_read_to_its_end() -> None:
    for sending, error in ((True, OutcomeUnknown), (False, PlatformDown)):
        whole = httpx.Response(200, content=b" " * LARGEST_ANSWER)
        assert len((await asked(whole, sending=sending)).body) == LARGEST_ANSWER  # type: ignore[attr-defined]
        larger = httpx.Response(200, content=b" " * (LARGEST_ANSWER + 1))
        assert type(await asked(larger, sending=sending)) is error
        assert type(await asked(httpx.ReadError("s3cret"), sending=sending)) is error


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("", None), ("-1", None), ("nan", None), ("inf", None), ("1e999", None),
     ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("下", None)],
)  # fmt: skip
def test_how_long_to_wait(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}) == seconds
    assert retry_after(httpx.Headers([(b"Retry-After", said.encode())])) == seconds
    assert retry_after({}) is None


class Entered(BaseModel):
    """Two settings."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: BaseAddress = "https://a.example"
    secret: FilledSecret | None = None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/", "https://a.example"),
        ("https://a.example/base/", "https://a.example/base"),
        ("http://127.0.0.1:8008", "http://127.0.0.1:8008"),
        ("http://[::1]:8008", "http://[::1]:8008"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_address_that_paths_can_follow(url: str, kept: str) -> None:
    assert Entered(url=url).url == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example", "ftp://a.example", "//a.example", "a.example", "", "https://", "https://u:p@a.example",
        "https://a.example?x=1", "https://a.example#x", "https://a.example/a b", "http://localhost.evil.example",
        f"https://a.example/{'x' * 2000}",
    ],
)  # fmt: skip
def test_an_address_that_could_give_a_token_away_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Entered(url=url)
    assert "." not in url or url not in str(raised.value)


def test_a_secret_of_blanks_is_none() -> None:
    with pytest.raises(ValidationError):
        Entered.model_validate({"secret": " \t"})
    entered = Entered.model_validate({"secret": "s3cret"})
    assert "s3cret" not in repr(entered)


def test_a_body_larger_than_any_delivery_is_refused_unread() -> None:
    assert bounded(b"x" * LARGEST_DELIVERY) == b"x" * LARGEST_DELIVERY
    with pytest.raises(Malformed):
        bounded(b"x" * (LARGEST_DELIVERY + 1))
    assert bounded(b"x" * 12, 12) == b"x" * 12
    with pytest.raises(Malformed):
        bounded(b"x" * 13, 12)
