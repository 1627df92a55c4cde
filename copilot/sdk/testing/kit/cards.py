"""Checks of level full for what is sent as cards: of the shop's things, and of questions that a buyer may tap."""

from copilot.sdk.cards import CardKind, CardReply, FaqCard, FaqReply
from copilot.sdk.errors import AdapterError, CardRefused, Unsupported
from copilot.sdk.events import FaqCardTap
from copilot.sdk.table import modes_of
from copilot.sdk.testing.kit.bench import TEXT, Bench
from copilot.sdk.testing.kit.check import require, wrong
from copilot.sdk.testing.kit.stage import Stage, on_stage


async def cards(bench: Bench) -> None:
    """Each declared kind of card arrives with what it shows; another kind is Unsupported."""
    async with on_stage(bench) as stage:
        require(stage.adapter.card_kinds, "card_kinds is empty")
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        for kind in CardKind:
            ref = "7001" if kind in (CardKind.PRODUCT, CardKind.COUPON) else mine.id
            reply = CardReply(shop=stage.platform.shop_id, conversation=stage.thread().id, kind=kind, ref=ref)
            if kind not in stage.adapter.card_kinds:
                await _unsupported(stage, reply)
                continue
            receipt = await stage.adapter.send_card(stage.account, reply, f"key-{kind}")
            last = stage.thread().said[-1]
            shown = last.message.order_id or last.message.product_id or last.message.text
            require(last.by_call and ref in shown, f"a card of a {kind.value} does not arrive")
            require(last.message.id == receipt.message_id, "the receipt has another id than the platform")


async def card_refused(bench: Bench) -> None:
    """A card that the platform does not show is told apart, and nothing of it stands in the buyer's window."""
    async with on_stage(bench) as stage:
        if not stage.adapter.card_kinds:
            return  # that is what ``cards`` tells
        mine = stage.order("mine")
        stage.platform.add_order(mine, "robin")
        kind = sorted(stage.adapter.card_kinds)[0]
        ref = "7001" if kind in (CardKind.PRODUCT, CardKind.COUPON) else mine.id
        stage.platform.faults.refuse_card = 1
        reply = CardReply(shop=stage.platform.shop_id, conversation=stage.thread().id, kind=kind, ref=ref)
        try:
            await stage.adapter.send_card(stage.account, reply, "key-1")
        except CardRefused:
            require(not stage.thread().said, "a card that is refused arrives all the same")
            return
        except AdapterError as error:
            wrong(f"a card that is not shown is {error.code}, not {CardRefused.code}")
        wrong("a card that is not shown is taken for one that is: the emulator honours faults.refuse_card")


async def faq_cards(bench: Bench) -> None:
    """A text and its questions arrive as one message, every question in it."""
    async with on_stage(bench) as stage:
        asked = (FaqCard(id="ship", question="When do you ship?"), FaqCard(id="size", question="Which size fits me?"))
        thread = stage.thread()
        reply = FaqReply(shop=stage.platform.shop_id, conversation=thread.id, text=TEXT, cards=asked)
        receipt = await stage.adapter.send_faq_cards(stage.account, reply, "key-faq")
        said = [one.message for one in stage.thread().said if one.by_call]
        require(len(said) == 1, f"text and questions are {len(said)} messages")
        require(said[0].id == receipt.message_id, "the receipt has another id than the platform")
        # How a platform lays out its cards is its own; the words are not.
        shown = " ".join(said[0].text.split())
        for words in (TEXT, *(one.question for one in asked)):
            require(
                " ".join(words.split()) in shown,
                "the text or one of its questions does not stand in the buyer's window",
            )


async def faq_tap(bench: Bench) -> None:
    """A question that the buyer taps comes in with the id that it was given, once."""
    async with on_stage(bench) as stage:
        asked = (FaqCard(id="ship", question="When do you ship?"), FaqCard(id="size", question="Which size fits me?"))
        thread, way = stage.thread(), modes_of(stage.adapter)[0].name
        await stage.platform.say("robin", "hello")
        reply = FaqReply(shop=stage.platform.shop_id, conversation=thread.id, text=TEXT, cards=asked)
        await stage.adapter.send_faq_cards(stage.account, reply, "key-faq")
        await stage.platform.tap("robin", "Which size fits me?")
        told = {one.message_id: one for one in await stage.hear(way) if isinstance(one, FaqCardTap)}
        found = [(one.conversation, one.card) for one in told.values()]
        require(found == [(thread.id, "size")], "a tap does not come in as FaqCardTap with the question's id")


async def _unsupported(stage: Stage, reply: CardReply) -> None:
    try:
        await stage.adapter.send_card(stage.account, reply, "key-none")
    except Unsupported:
        return
    wrong(f"a card of a {reply.kind.value} is taken although card_kinds does not have it")
