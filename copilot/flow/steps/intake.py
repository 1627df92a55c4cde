"""Reads the buyer's unanswered turn: words apart from cards, language, personal data masked, attacks flagged."""

from copilot.clock import can_reply
from copilot.domain.conversation import Conversation
from copilot.domain.draft import LANGUAGE_HELD, ORDERS_AS_OF
from copilot.domain.errors import LanguageUnsupported
from copilot.domain.message import Kind, Message
from copilot.domain.reason import Reason
from copilot.flow.deps import Deps
from copilot.flow.masking import masked
from copilot.flow.shapes import End, Intake
from copilot.flow.understand import Burst, derive_cases, language_of, looks_like_injection, open_case, unanswered
from copilot.flow.understand.burst import auto_answered
from copilot.model.composer.compose import supported
from copilot.model.composer.holding import holds_in


async def run(merchant: str, conversation: str, deps: Deps) -> Intake | End:
    """The turn, or why there is nothing to draft."""
    if deps.posture == "off":
        return End(reason=Reason.POSTURE_OFF)
    found = await deps.conversations.get(merchant, conversation)
    burst = unanswered(found)
    if burst.empty:
        return End(reason=_why_empty(found))
    if auto_answered(found, burst):
        return End(reason=Reason.AUTO_ANSWERED)
    last = max((message.sent_at for message in _messages(found, burst) if message.sent_at), default=None)
    bought = max((order.created_at for order in found.orders or () if order.created_at), default=None)
    if not can_reply(deps.rules.profile, deps.clock.now(), last, bought).possible:
        return End(reason=Reason.WINDOW_CLOSED)
    case = open_case(derive_cases(found))
    language = language_of(
        burst.text,
        previous=(case.language if case else None) or burst.language_before,
        fallback=_spoken(deps),
    )
    held = holds_in(language, deps.prompts)
    try:
        if not held:
            supported(language, deps.prompts)
    except LanguageUnsupported:
        return End(reason=Reason.LANGUAGE_UNSUPPORTED)
    return Intake(
        burst=burst.messages,
        text=_masked_words(found, burst, deps),
        language=language,
        photos=burst.photos,
        order_cards=burst.order_cards,
        product_cards=burst.product_cards,
        flags=(*_flags(burst, deps), *((LANGUAGE_HELD,) if held else ())),
    )


def _spoken(deps: Deps) -> str:
    """The language of the market where it has one: "???" is written in none."""
    languages = deps.rules.profile.languages
    return languages[0] if len(languages) == 1 else "en"


def _flags(burst: Burst, deps: Deps) -> tuple[str, ...]:
    injected = ("injection",) if looks_like_injection(burst.text) else ()
    unread = ("unread",) if burst.others else ()
    old = (f"{ORDERS_AS_OF}{deps.orders_as_of.isoformat()}",) if deps.orders_as_of is not None else ()
    return (*injected, *unread, *old)


def _why_empty(conversation: Conversation) -> Reason:
    said = any(message.role == "buyer" for message in conversation.messages)
    return Reason.ALREADY_ANSWERED if said else Reason.NOTHING_TO_ANSWER


def _masked_words(conversation: Conversation, burst: Burst, deps: Deps) -> str:
    texts = masked(conversation, deps.rules.profile).texts
    wanted = set(map(id, _messages(conversation, burst)))
    words = (
        text
        for message, text in zip(conversation.messages, texts, strict=True)
        if id(message) in wanted and message.kind in (Kind.TEXT, Kind.FAQ_CARD)
    )
    return "\n".join(words)


def _messages(conversation: Conversation, burst: Burst) -> list[Message]:
    """The messages of the burst; in files that carry no ids a burst names positions."""
    wanted = set(burst.messages)
    return [m for position, m in enumerate(conversation.messages) if (m.id or str(position)) in wanted]
