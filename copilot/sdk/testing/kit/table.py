"""Every check of the kit, by level; what is not in this table is not checked."""

from collections.abc import Sequence
from typing import Any, Final

from copilot.domain.message import Kind
from copilot.sdk.contract import Level
from copilot.sdk.table import declared_by, modes_of
from copilot.sdk.testing.kit import (
    at_orders,
    capable,
    cards,
    corpus,
    emulated,
    faces,
    feed,
    form,
    inbound,
    received,
    sending,
)
from copilot.sdk.testing.kit.check import Check, up_to

_LISTED, _BASE, _FULL = Level.LISTED, Level.BASE, Level.FULL

_FORM: Final = (
    Check("form_version", _LISTED, "states the version of the contract", form.version),
    Check("form_name", _LISTED, "has a name that can stand in an address", form.name),
    Check("form_way_in", _LISTED, "has a way in", form.way_in),
    Check("form_parts", _LISTED, "states limits, level and idempotence", form.parts),
    Check("form_methods", _LISTED, "has the contract's methods as they are written there", form.methods),
    Check("form_state", _LISTED, "keeps no state of its own", form.state_free),
    Check("form_light", _LISTED, "imports no model, no server and no database", form.light),
    Check("settings_words", _LISTED, "tells people what each setting is", form.settings_words),
    Check("settings_secrets", _LISTED, "keeps secrets as SecretStr", form.settings_secrets),
    Check("settings_strict", _LISTED, "refuses settings that do not exist", form.settings_strict),
    Check("settings_quiet", _LISTED, "never repeats what was entered", form.settings_quiet),
    Check("settings_stored", _LISTED, "has settings that can be stored", form.settings_stored),
    Check("secrets_hidden", _LISTED, "shows no secret in a repr", form.secrets_hidden),
)

_WEBHOOK: Final = (
    Check("signature_good", _BASE, "believes a rightly signed delivery", inbound.good, "webhook"),
    Check("signature_missing", _BASE, "refuses a delivery without a signature", inbound.missing, "webhook"),
    Check("signature_garbage", _BASE, "refuses a signature of garbage without raising", inbound.garbage, "webhook"),
    Check("signature_tampered", _BASE, "refuses a body that was changed", inbound.tampered, "webhook"),
    Check("signature_raw", _BASE, "verifies the raw bytes", inbound.raw_bytes, "webhook"),
    Check("signature_other_shop", _BASE, "refuses what another shop's secret signed", inbound.other_shop, "webhook"),
    Check("signature_stale", _BASE, "refuses an old delivery", inbound.stale, "webhook"),
    Check("signature_ahead", _BASE, "refuses a delivery from the future", inbound.ahead, "webhook"),
    Check("identify_shops", _BASE, "names every shop a delivery speaks of", inbound.names, "webhook"),
    Check("identify_garbage", _BASE, "knows what is no delivery", inbound.unknown_bodies, "webhook"),
    Check("parse_mangled", _BASE, "raises nothing but Malformed for changed fields", inbound.mangled_bodies, "webhook"),
    Check(
        "parse_hostile",
        _BASE,
        "refuses hostile bodies, and megabytes before it reads them",
        inbound.hostile_bodies,
        "webhook",
    ),
    Check("parse_again", _BASE, "gives the same events for the same delivery", inbound.again, "webhook"),
    Check("parse_quiet", _BASE, "repeats no buyer's words in errors", inbound.quiet, "webhook"),
    Check("acknowledge", _BASE, "acknowledges what was stored", inbound.acknowledged, "webhook"),
)

_CORPUS: Final = (
    *(
        Check(f"corpus_{situation}", _BASE, words, corpus.example_of(situation))
        for situation, words in corpus.SITUATIONS.items()
    ),
    Check("corpus_other_events", _BASE, "every other recorded event becomes what it says", corpus.others),
    Check("corpus_malformed", _BASE, "what cannot be read is Malformed and not lost", corpus.malformed),
)

_FEED: Final = (
    Check("poll_moves", _BASE, "gives the place from which the next look goes on", feed.poll_moves, "poll"),
    Check("poll_faults", _BASE, "ends every failed look in an error of the contract", feed.poll_faults, "poll"),
    Check("poll_cursors", _BASE, "survives a cursor of garbage", feed.poll_cursors, "poll"),
    Check("poll_throttled", _BASE, "understands a platform that asks to slow down", feed.poll_throttled, "poll"),
    Check(
        "connect_moves", _BASE, "gives the place from which the next connection goes on", feed.connect_moves, "connect"
    ),
    Check("connect_faults", _BASE, "ends every connection in an error of the contract", feed.connect_faults, "connect"),
    Check("connect_cursors", _BASE, "survives a cursor of garbage", feed.connect_cursors, "connect"),
    Check("connect_closes", _BASE, "closes at once when it is told to", feed.connect_closes, "connect"),
)

_SENDING: Final = (
    Check("send_receipt", _BASE, "returns the platform's id", sending.receipt),
    Check("send_words", _BASE, "sends the text word for word", sending.words),
    Check("send_once", _BASE, "never repeats a call by itself", sending.once),
    Check("send_stateless", _BASE, "uses each shop's own secrets", sending.stateless),
    Check("send_throttled", _BASE, "tells a throttled send apart", sending.ends("throttled", "throttled")),
    Check(
        "send_unauthorized",
        _BASE,
        "tells missing access apart",
        sending.ends("unauthorized", "token_expired", "not_authorized"),
    ),
    Check("send_refused", _BASE, "tells a refused text apart", sending.ends("refused", "send_refused")),
    Check("send_window", _BASE, "tells a closed conversation apart", sending.ends("window_closed", "window_closed")),
    Check("send_other_ends", _BASE, "ends every other recorded refusal as it says", sending.other_ends),
    Check("send_broken", _BASE, "leaves a broken call's outcome open", sending.broken),
    Check("send_unreached", _BASE, "knows that nothing arrived where nobody listens", sending.unreached),
    Check("send_rubbish", _BASE, "leaves an unreadable answer's outcome open", sending.rubbish),
    Check("send_quiet", _BASE, "repeats neither text nor secrets in errors", sending.quiet),
)

_EMULATED: Final = (
    *(
        Check(f"live_{way}", _FULL, "hears what shoppers write, once", emulated.heard_by(way), way)
        for way in ("webhook", "poll", "connect")
    ),
    Check("live_poll_orders", _FULL, "hears by asking that an order moved", emulated.moved_order, "poll", "orders"),
    Check("live_duplicate", _FULL, "knows a second delivery by its id", emulated.duplicate, "webhook"),
    Check("live_order", _FULL, "gives messages a place", emulated.order),
    Check("live_echo", _FULL, "gives an echo the id of its receipt", emulated.echo),
    Check("live_colleague", _FULL, "keeps a colleague's message as a person's", emulated.colleague),
    Check("live_words", _FULL, "puts the approved text into the buyer's window", emulated.words),
    Check("live_throttled", _FULL, "understands a platform that asks to slow down", emulated.throttled),
    Check("live_server_error", _FULL, "tells a fault of the platform apart", emulated.server_error),
    Check("live_cut", _FULL, "leaves the outcome open when the connection breaks", emulated.cut),
    Check("live_refused", _FULL, "tells a refused text apart", emulated.refused),
    Check("live_window", _FULL, "tells a closed conversation apart", emulated.window),
    Check("live_expired", _FULL, "tells access that is over apart", emulated.expired),
    Check("live_key", _FULL, "sends one message for one key, or can be read back", emulated.key),
)

_CAPABLE: Final = (
    Check("orders_buyer", _FULL, "finds a buyer's orders and nobody else's", capable.orders_of_buyer, "orders"),
    Check("orders_number", _FULL, "finds an order by its number", capable.order_by_number, "orders"),
    Check("orders_absent", _FULL, "knows that an order is not there", capable.order_absent, "orders"),
    Check("orders_facts", _FULL, "tells an order's facts as they are", capable.order_facts, "orders"),
    Check("orders_fail", _FULL, "never takes a failure for no orders", capable.orders_fail, "orders"),
    Check("products", _FULL, "finds products", capable.product, "products"),
    Check("history_cut", _FULL, "finds out what became of a broken call", capable.history_after_cut, "history"),
    Check("history_pages", _FULL, "reads the record to its end", capable.history_pages, "history"),
    Check("history_side", _FULL, "reads the shop's side only, and nothing older", capable.history_own_side, "history"),
    Check("refresh_works", _FULL, "renews access", capable.renewed, "refreshing"),
    Check(
        "refresh_refused", _FULL, "asks for a person when access cannot be renewed", capable.not_renewed, "refreshing"
    ),
    Check("links", _FULL, "gives safe addresses", capable.links, "links"),
    Check("attachments", _FULL, "says how pictures are fetched", capable.attachments, "attachments"),
    Check("read_marks", _FULL, "marks conversations as read", capable.read_marks, "read_marks"),
    Check("images", _FULL, "sends pictures", capable.sends_file(Kind.IMAGE, "send_image"), "images"),
    Check("videos", _FULL, "sends videos", capable.sends_file(Kind.VIDEO, "send_video"), "videos"),
    Check("cards", _FULL, "sends the cards it declares and no others", cards.cards, "cards"),
    Check("card_refused", _FULL, "tells a card that is not shown apart", cards.card_refused, "cards"),
    Check("faq_cards", _FULL, "sends a text with its questions as one message", cards.faq_cards, "faq_cards"),
    Check("faq_tap", _FULL, "brings in the question that a buyer taps", cards.faq_tap, "faq_cards"),
    Check("opening", _FULL, "opens a conversation about an order", capable.opening, "opening"),
    Check("attending", _FULL, "says who has a conversation", received.attending, "attending"),
    Check("service", _FULL, "tells the platform's figures as they are", received.service, "service"),
    Check("avatar_review", _FULL, "hands pictures of agents in and tells their review", faces.review, "avatar_review"),
    Check(
        "order_messages_closed",
        _FULL,
        "tells a chat that the buyer closed apart",
        at_orders.closed_by_buyer,
        "order_messages",
    ),
    Check("order_messages", _FULL, "leaves a text at an order", at_orders.order_messages, "order_messages"),
    Check("entering", _FULL, "enters conversations that the shop is invited into", capable.entering, "entering"),
    Check("private_note", _FULL, "shows drafts to the shop's people only", capable.notes, "private_note"),
    Check("native_approval", _FULL, "brings in what people decide on a note", capable.approvals, "native_approval"),
)

CHECKS: Final = (*_FORM, *_WEBHOOK, *_CORPUS, *_FEED, *_SENDING, *_EMULATED, *_CAPABLE)
"""All checks, in the order in which they are best read."""


def checks_for(adapter: Any, level: Level) -> Sequence[Check]:
    """The checks that ``adapter`` is held to at ``level``: required ones, and those of what it declares."""
    has = {one.name for one in (*modes_of(adapter), *declared_by(adapter))}
    return [check for check in up_to(level, CHECKS) if {check.about, check.besides} - {None} <= has]
