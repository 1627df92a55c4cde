"""The one place that talks to models, through litellm; owns time limits, answer size and silence.

litellm takes seconds to import, prints advice to stdout, retries by itself and fetches a price map from the network.
Here it is imported late, told to do none of that, and every call stands inside our own time limit: its ``timeout`` is
per read, so a dripping answer would never end. It refuses to repeat a provider's message, which may quote the prompt.
"""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES: Final = 256 * 1024
FORBID: Final = "COPILOT_FORBID_MODEL_CALLS"

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

    def __init__(self, model: str, *, clock: Clock, api_base: str | None = None) -> None:
        """``api_base`` is for local servers that speak OpenAI's protocol; keys come from the provider's variables."""
        self.name = model
        self._clock = clock
        self._api_base = api_base
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: httpx.AsyncClient | None = None

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
        )

    async def _call(self, question: Question, seconds: float) -> Any:
        await asyncio.to_thread(warm)
        self._use_session_of_this_loop()
        errors = _litellm.exceptions
        import openai  # litellm's errors are subclasses of its errors, whatever the provider

        try:
            return await _litellm.acompletion(
                model=self.name,
                messages=list(question.messages),
                api_base=self._api_base,
                max_tokens=question.max_tokens,
                temperature=0.3,
                response_format={"type": "json_object"},
                drop_params=True,
                timeout=seconds,
                max_retries=0,
                num_retries=0,
            )
        except errors.Timeout:
            raise ModelFailed(ModelFault.TIMEOUT) from None
        except errors.RateLimitError:
            raise ModelFailed(ModelFault.THROTTLED) from None
        except (
            errors.AuthenticationError,
            errors.PermissionDeniedError,
            errors.NotFoundError,
            errors.BadRequestError,
        ) as error:
            raise ModelFailed(ModelFault.REFUSED, type(error).__name__) from None
        except openai.OpenAIError as error:
            fault = ModelFault.TOO_LARGE if _caused_by(error, _AnswerTooLarge) else ModelFault.UNAVAILABLE
            raise ModelFailed(fault, type(error).__name__) from None

    def _use_session_of_this_loop(self) -> None:
        """Connections belong to an event loop; litellm's cached clients must not outlive ours."""
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
