"""The one place that talks to models, through litellm; owns time limits, answer size and silence.

litellm takes seconds to import, prints advice to stdout, retries by itself and fetches a price map from the network.
Here it is imported late, told to do none of that, and every call stands inside our own time limit: its ``timeout`` is
per read, so a dripping answer would never end. It refuses to repeat a provider's message, which may quote the prompt.
"""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES: Final = 256 * 1024
FORBID: Final = "COPILOT_FORBID_MODEL_CALLS"
_MESSAGE_OVERHEAD: Final = 32
"""Tokens that a provider may add around a message, beside its text; none adds more than a few."""
_DOLLAR_DIGITS: Final = 12
"""litellm reckons in floating point; a token costs more than a millionth of a millionth of a dollar."""
_CACHES_WHEN_TOLD: Final = "anthropic/"
"""Whoever caches prompts only where a message is marked; others do it by themselves, and some refuse the mark."""

_lock = threading.Lock()
_litellm: Any = None


def warm() -> None:
    """Import litellm and set it up; slow the first time, so workers call it in a thread at start."""
    global _litellm
    with _lock:
        if _litellm is not None:
            return
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        import litellm

        litellm.suppress_debug_info = True
        litellm.disable_aiohttp_transport = True
        setattr(litellm, "telemetry", False)  # noqa: B010 (the module declares it without a type)
        for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
            # They write to stdout, and what they write may quote a prompt.
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.disabled = True
        for callbacks in ("callbacks", "success_callback", "failure_callback", "input_callback"):
            setattr(litellm, callbacks, [])
        _litellm = litellm


def is_warm() -> bool:
    """Whether a call can start at once."""
    return _litellm is not None


class Gateway:
    """Calls one model by its litellm name ("openai/gpt-4o-mini", "deepseek/deepseek-chat")."""

    def __init__(
        self, model: str, *, clock: Clock, api_base: str | None = None, connections: "Connections | None" = None
    ) -> None:
        """``api_base`` is for local servers that speak OpenAI's protocol; keys come from the provider's variables.

        Gateways that are used beside each other share ``connections``: litellm knows one set of them a process.
        """
        self.name = model
        self._clock = clock
        self._api_base = api_base
        self._connections = connections or Connections()

    @property
    def ready(self) -> bool:
        """Whether litellm is loaded."""
        return is_warm()

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """Ask once; ``ModelFailed`` when nothing usable came within ``seconds``."""
        if os.environ.get(FORBID):
            raise BadConfiguration("a model was called although calls are forbidden here", remedy=f"unset {FORBID}")
        if seconds <= 0:
            raise ModelFailed(ModelFault.NO_TIME)
        started = self._clock.monotonic()
        try:
            async with asyncio.timeout(seconds):
                response = await self._call(question, seconds)
        except TimeoutError:
            raise ModelFailed(ModelFault.TIMEOUT) from None
        text = response.choices[0].message.content if response.choices else None
        if not isinstance(text, str) or not text.strip():
            raise ModelFailed(ModelFault.INVALID, "empty answer")
        if len(text.encode()) > MAX_ANSWER_BYTES:
            raise ModelFailed(ModelFault.TOO_LARGE)
        usage = getattr(response, "usage", None)
        return Answer(
            text=text,
            model=self.name,
            tokens_in=getattr(usage, "prompt_tokens", 0) or 0,
            tokens_out=getattr(usage, "completion_tokens", 0) or 0,
            seconds=self._clock.monotonic() - started,
            cost=self._price(usage),
        )

    async def upper_bound(self, question: Question) -> Decimal | None:
        """The most that asking may cost in US dollars; None when the model has no known price."""
        await asyncio.to_thread(warm)
        # No token is shorter than a byte. Counting exactly would need each provider's tokenizer, from the network.
        tokens = sum(len(part.encode()) + _MESSAGE_OVERHEAD for one in question.messages for part in one.values())
        usage = _litellm.Usage(prompt_tokens=tokens, completion_tokens=question.max_tokens)
        dearest = self._price(usage)
        if dearest is None or not self._marks_cache:
            return dearest
        # Writing to the cache costs more than reading a prompt.
        writing = self._price(
            _litellm.Usage(
                prompt_tokens=tokens, completion_tokens=question.max_tokens, cache_creation_input_tokens=tokens
            )
        )
        return max(dearest, writing or dearest)

    @property
    def _marks_cache(self) -> bool:
        return self.name.startswith(_CACHES_WHEN_TOLD)

    def _price(self, usage: Any) -> Decimal | None:
        tokens_in, tokens_out = getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0
        if not tokens_in:
            return None
        try:
            parts = _litellm.cost_per_token(
                model=self.name, prompt_tokens=tokens_in, completion_tokens=tokens_out, usage_object=usage
            )
        except (_litellm.exceptions.ModelNotMappedError, _litellm.exceptions.BadRequestError, ValueError, TypeError):
            # No entry, a name of no provider, or an entry without a usable price.
            return None
        return round(sum((Decimal(str(part)) for part in parts), Decimal(0)), _DOLLAR_DIGITS)

    def _messages(self, question: Question) -> list[dict[str, Any]]:
        if not self._marks_cache:
            return [dict(one) for one in question.messages]
        return [_marked(one) if one["role"] == "system" else dict(one) for one in question.messages]

    async def embed(self, texts: Sequence[str], *, seconds: float) -> list[list[float]]:
        """One vector a text; ``ModelFailed`` when not all came within ``seconds``. ``texts`` are masked."""
        if os.environ.get(FORBID):
            raise BadConfiguration("a model was called although calls are forbidden here", remedy=f"unset {FORBID}")
        try:
            async with asyncio.timeout(seconds):
                await asyncio.to_thread(warm)
                response = await self._guarded(lambda: _litellm.aembedding, input=list(texts), timeout=seconds)
        except TimeoutError:
            raise ModelFailed(ModelFault.TIMEOUT) from None
        try:
            rows = sorted(response.data, key=lambda one: one["index"])
            vectors = [[float(number) for number in one["embedding"]] for one in rows]
        except (KeyError, TypeError, ValueError):
            raise ModelFailed(ModelFault.INVALID, "no vectors") from None
        if len(vectors) != len(texts) or len({len(one) for one in vectors}) != 1 or not vectors[0]:
            raise ModelFailed(ModelFault.INVALID, "wrong number of vectors")
        return vectors

    async def _call(self, question: Question, seconds: float) -> Any:
        await asyncio.to_thread(warm)
        return await self._guarded(
            lambda: _litellm.acompletion,
            messages=self._messages(question),
            max_tokens=question.max_tokens,
            temperature=0.3,
            response_format={"type": "json_object"},
            timeout=seconds,
        )

    async def _guarded(self, function: Callable[[], Any], **arguments: Any) -> Any:
        """Call litellm once; every failure is a ``ModelFailed``."""
        self._connections.use()
        errors = _litellm.exceptions
        import openai  # litellm's errors are subclasses of its errors, whatever the provider

        try:
            return await function()(
                model=self.name,
                api_base=self._api_base,
                drop_params=True,
                max_retries=0,
                num_retries=0,
                **arguments,
            )
        except errors.Timeout:
            raise ModelFailed(ModelFault.TIMEOUT) from None
        except errors.RateLimitError as error:
            raise ModelFailed(ModelFault.THROTTLED, retry_after=self._retry_after(error)) from None
        except (errors.AuthenticationError, errors.PermissionDeniedError, errors.NotFoundError) as error:
            raise ModelFailed(ModelFault.REFUSED, type(error).__name__) from None
        except errors.BadRequestError as error:
            raise ModelFailed(ModelFault.REFUSED, type(error).__name__, of_question=True) from None
        except openai.OpenAIError as error:
            fault = ModelFault.TOO_LARGE if _caused_by(error, _AnswerTooLarge) else ModelFault.UNAVAILABLE
            raise ModelFailed(fault, type(error).__name__, retry_after=self._retry_after(error)) from None

    def _retry_after(self, error: Exception) -> float | None:
        """The seconds that a provider's ``Retry-After`` names, as a number or as a date."""
        headers: Mapping[str, str] = getattr(error, "litellm_response_headers", None) or {}
        told = headers.get("retry-after", "").strip()
        if told.isascii() and told.isdecimal():
            return float(told)
        try:
            at = parsedate_to_datetime(told)
        except ValueError:
            return None
        until = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max((until - self._clock.now()).total_seconds(), 0.0)

    async def aclose(self) -> None:
        """Close the connections, also those of gateways that share them."""
        await self._connections.aclose()


class Connections:
    """What litellm reaches providers through; one set at a time in a process."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: httpx.AsyncClient | None = None

    def use(self) -> None:
        """Hands ours to litellm: they belong to an event loop, and its cached clients must not outlive ours."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        import httpx

        self._session = httpx.AsyncClient(transport=_limited_transport(), follow_redirects=False)
        self._loop = loop
        _litellm.in_memory_llm_clients_cache.flush_cache()
        _litellm.aclient_session = self._session

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.aclose()
        self._session = self._loop = None
        if _litellm is not None:
            _litellm.aclient_session = None
            _litellm.in_memory_llm_clients_cache.flush_cache()


def _marked(message: Mapping[str, str]) -> dict[str, Any]:
    """``message`` with the mark up to which the provider keeps the prompt."""
    block = {"type": "text", "text": message["content"], "cache_control": {"type": "ephemeral"}}
    return {**message, "content": [block]}


class _AnswerTooLarge(Exception):
    """The answer passed the size limit while it was being read."""


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _limited_transport() -> "httpx.AsyncBaseTransport":
    """A transport that stops reading an answer at ``MAX_ANSWER_BYTES``."""
    import httpx

    class Limited(httpx.AsyncByteStream):
        def __init__(self, inner: httpx.AsyncByteStream) -> None:
            self._inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for chunk in self._inner:
                read += len(chunk)
                if read > MAX_ANSWER_BYTES:
                    raise _AnswerTooLarge
                yield chunk

        async def aclose(self) -> None:
            await self._inner.aclose()

    class LimitedTransport(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await super().handle_async_request(request)
            assert isinstance(response.stream, httpx.AsyncByteStream)
            response.stream = Limited(response.stream)
            return response

    return LimitedTransport(retries=0)
