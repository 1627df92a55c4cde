"""Conversations as the API tells them: two shops, two languages, every state that the page must be able to show."""

from datetime import datetime, timedelta
from typing import Any

DOUYIN, TIKTOK = "shop-dy", "shop-tt"
EMPTY = ("order_id", "product_id", "media", "sent_by", "agent", "draft", "recalled_at")


def shops() -> list[dict[str, Any]]:
    """The two shops of /api/me."""
    return [
        {
            "id": DOUYIN,
            "slug": "nanshan-taowu",
            "name": "南山陶物",
            "platform": "douyin",
            "market": "cn",
            "adapter": "douyin",
            "transport": "not_public",
            "writes_first": True,
            "zone": "Asia/Shanghai",
            "languages": ["zh"],
        },
        {
            "id": TIKTOK,
            "slug": "prairie-home",
            "name": "Prairie Home",
            "platform": "tiktok_shop",
            "market": "us",
            "adapter": "tiktok_shop",
            "transport": "public",
            "zone": "America/Chicago",
            "languages": ["en"],
        },
    ]


class _At:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self, **ago: float) -> str:
        return (self.now - timedelta(**ago)).isoformat()

    def message(self, id: str, role: str, text: str, ago: float, **more: Any) -> dict[str, Any]:
        at = self(minutes=ago)
        return {**dict.fromkeys(EMPTY), "id": id, "role": role, "kind": "text", "text": text, "sent_at": at, **more}


def claim(text: str, part: str, kind: str, source: str | None) -> dict[str, Any]:
    """A claim about ``part`` of ``text``; Python counts code points, as the server does."""
    start = text.index(part)
    return {"kind": kind, "start": start, "end": start + len(part), "text": part, "value": None, "source": source}


def draft_view(text: str, language: str, **more: Any) -> dict[str, Any]:
    """A draft with nothing to choose and nothing found, changed by ``more``."""
    return {
        "text": text,
        "language": language,
        "turn": "new_issue",
        "issues": [],
        "risks": [],
        "order": None,
        "options": [],
        "claims": [],
        "verdict": {
            "decision": "pass",
            "pack": "douyin.cn@2026-11",
            "pack_hash": "x",
            "findings": [],
            "not_judged": {},
        },
        "written_by": "composer",
        "composed_because": "no_model",
        "flags": [],
        "owes": [],
        **more,
    }


def card(id: str, conversation: str, at: _At, draft: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A card that waits for a decision, changed by ``more``."""
    return {
        "id": id,
        "conversation": conversation,
        "revision": 1,
        "text_hash": f"hash-{id}",
        "state": "proposed" if draft else "blocked",
        "reason": None,
        "reason_text": None,
        "deadline_at": at(seconds=-150),
        "created_at": at(seconds=3),
        "draft": draft,
        "stakes": "T0",
        "order": None,
        "candidates": [],
        "look_at": [],
        "unknown": [],
        "owes": [],
        "button": "发送",
        **more,
    }


def conversation(id: str, shop: str, name: str, messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A conversation without a card, changed by ``more``."""
    return {
        "id": id,
        "shop": shop,
        "buyer": {"id": f"b-{id}", "nickname": name, "level": None, "tags": []},
        "messages": messages,
        "replies": [],
        "orders": {"state": "none", "as_of": None, "orders": []},
        "commitments": [],
        "card": None,
        **more,
    }


def _cup_order(at: _At) -> dict[str, Any]:
    return {
        "id": "6938215504471120385",
        "status": "delivered",
        "created_at": at(days=3),
        "paid_at": at(days=3, minutes=-1),
        "ship_by": at(days=1),
        "delivered_at": at(hours=2),
        "total": {"amount": "59.90", "currency": "CNY"},
        "items": [
            {
                "product_id": "p-31",
                "name": "青釉茶杯四只装",
                "sku": "天青 / 120 ml",
                "quantity": 1,
                "price": {"amount": "59.90", "currency": "CNY"},
            }
        ],
        "shipments": [
            {
                "carrier": "顺丰速运",
                "tracking_no": "SF1390000001",
                "status": "delivered",
                "eta": None,
                "events": [
                    {"at": at(days=2, hours=4), "text": "【景德镇市】已揽收"},
                    {"at": at(days=1, hours=9), "text": "【南昌转运中心】已发出,下一站【杭州转运中心】"},
                    {"at": at(hours=9), "text": "【杭州转运中心】快件已到达"},
                    {"at": at(hours=5), "text": "【杭州市西湖区】派送中,派送员电话请在订单页查看"},
                    {"at": at(hours=2), "text": "已签收,签收人:本人"},
                ],
            }
        ],
        "after_sales": [],
    }


def _damaged(at: _At) -> dict[str, Any]:
    text = (
        "照片收到了,一套四只碎了两只,换谁都窝火,这事我们来处理。碎片先别用手收,小心划伤。"
        "您看哪种方便:A 重新寄您一整套,明天18点前发出,坏的不用寄回;B 好的两只您留着用,退您29.95元。选A还是B?"
    )
    options: list[dict[str, Any]] = [
        {"id": "A", "key": "reship", "title": "补寄整套", "text": "", "action": "reship", "cost": None, "facts": []},
        {
            "id": "B",
            "key": "refund_keep",
            "title": "部分退款,货留下",
            "text": "",
            "action": "refund",
            "cost": {"amount": "29.95", "currency": "CNY"},
            "facts": [],
        },
    ]
    draft = draft_view(
        text,
        "zh",
        issues=[{"issue": "damaged", "confidence": 0.97, "evidence": None}],
        order={"id": "6938215504471120385", "why": "only_order_that_fits"},
        options=options,
        claims=[
            claim(text, "明天18点前发出", "promise", "option.reship.by"),
            claim(text, "明天18点前", "time", "option.reship.by"),
            claim(text, "29.95元", "amount", "option.refund_keep.amount"),
            claim(text, "一套四只", "quantity", "order.6938215504471120385.item.0.quantity"),
        ],
    )
    return conversation(
        "c-damaged",
        DOUYIN,
        "小满不吃辣",
        [
            at.message("d1", "buyer", "", 2.4, kind="order_card", order_id="6938215504471120385"),
            at.message("d2", "buyer", "刚拆开碎了两个!!包装也太随便了吧", 2.2),
            at.message("d3", "buyer", "", 2.0, kind="image"),
        ],
        buyer={"id": "b7", "nickname": "小满不吃辣", "level": None, "tags": ["老客"]},
        orders={"state": "known", "as_of": at(seconds=40), "orders": [_cup_order(at)]},
        card=card(
            "draft-damaged",
            "c-damaged",
            at,
            draft,
            stakes="T1",
            order={"id": "6938215504471120385", "why": "order_card", "why_text": "买家发来了这个订单的卡片"},
            look_at=["系统没有看过照片,请核对碎了几只"],
            owes=[{"what": "reship", "due": at(hours=-26), "text": "选 A:明天 18:00 前补发整套"}],
            button="发送 · 提供补寄或退 ¥29.95",
        ),
    )


def _refund(at: _At) -> dict[str, Any]:
    text = (
        "You shouldn't have to chase this, sorry. We received the shoes on Nov 1 and refunded $58.20 on Nov 3 to the"
        " Visa you paid with. Banks usually take 5–10 business days, so it should show by Nov 18. If it isn't there,"
        " message me here and I'll open a payment case with TikTok Shop."
    )
    words = "Banks usually take 5–10 business days"
    finding = {
        "rule": "false_promise.bank_time",
        "family": "false_promise",
        "severity": "warn",
        "start": text.index(words),
        "end": text.index(words) + len(words),
        "text": words,
        "reason": "a time that the shop does not control",
        "suggestion": "Name the latest date that the facts support.",
    }
    draft = draft_view(
        text,
        "en",
        issues=[{"issue": "refund_status", "confidence": 0.95, "evidence": None}],
        risks=[{"risk": "platform_complaint", "evidence": {"start": 0, "end": 5, "text": "report you to TikTok"}}],
        claims=[
            claim(text, "Nov 1", "date", "after_sale.as-9.received_at"),
            claim(text, "$58.20", "amount", "after_sale.as-9.amount"),
            claim(text, "Nov 3", "date", "after_sale.as-9.refunded_at"),
            claim(text, "by Nov 18", "date", "case.refund.latest"),
            claim(text, "I'll open a payment case with TikTok Shop", "promise", "case.refund.latest"),
        ],
        verdict={
            "decision": "warn",
            "pack": "tiktok_shop.us@2026-11",
            "pack_hash": "x",
            "findings": [finding],
            "not_judged": {},
        },
        written_by="model",
        composed_because=None,
    )
    money = {"amount": "58.20", "currency": "USD"}
    order = {
        "id": "576460752303423488",
        "status": "completed",
        "created_at": at(days=24),
        "total": money,
        "items": [{"name": "Canvas sneakers", "sku": "white / 42", "quantity": 1, "price": money}],
        "shipments": [],
        "after_sales": [
            {
                "id": "as-9",
                "kind": "return",
                "status": "refunded",
                "amount": money,
                "deadline": None,
                "received_at": at(days=21),
                "refunded_at": at(days=19),
                "refund_to": "Visa",
            }
        ],
    }
    return conversation(
        "c-refund",
        TIKTOK,
        "maria_r",
        [
            at.message("r1", "buyer", "hey any update on my refund", 1500),
            at.message("r2", "agent", "Let me check that for you.", 1490, sent_by="person", agent="Dana"),
            at.message(
                "r3",
                "buyer",
                "sent the shoes back 2 weeks ago, still nothing. sort it today or I report you to TikTok",
                4,
            ),
        ],
        orders={"state": "known", "as_of": at(minutes=6), "orders": [order]},
        commitments=[
            {
                "id": "k1",
                "what": "hold",
                "text": "Answer about the refund",
                "due": at(minutes=-35),
                "state": "owed",
                "order_id": None,
            }
        ],
        card=card(
            "draft-refund",
            "c-refund",
            at,
            draft,
            stakes="T2",
            deadline_at=at(seconds=-42),
            order={
                "id": "576460752303423488",
                "why": "only_order_that_fits",
                "why_text": "the buyer's only order that fits",
            },
            look_at=["The buyer threatens a complaint: read every word"],
            unknown=["whether the bank has posted the refund"],
            owes=[{"what": "case", "due": at(days=-4), "text": "open a payment case if it is not there by Nov 18"}],
            button="Edit first · promises a payment case",
        ),
    )


def _ambiguous(at: _At) -> dict[str, Any]:
    first, second = _cup_order(at), _cup_order(at)
    second["id"], second["status"], second["shipments"] = "6938300417728840193", "to_ship", []
    second["delivered_at"], second["ship_by"] = None, at(hours=-5)
    second["items"] = [
        {"name": "麦饭石不粘炒锅 24cm", "sku": None, "quantity": 2, "price": {"amount": "89.00", "currency": "CNY"}}
    ]
    second["total"] = {"amount": "178.00", "currency": "CNY"}
    return conversation(
        "c-ambiguous",
        DOUYIN,
        "山月不知",
        [at.message("a1", "buyer", "东西什么时候到啊", 1), at.message("a2", "buyer", "都等好几天了", 0.8)],
        orders={"state": "known", "as_of": at(seconds=20), "orders": [first, second]},
        card=card(
            "draft-ambiguous",
            "c-ambiguous",
            at,
            None,
            reason="order_ambiguous",
            reason_text="有多个订单符合,请选择正确的订单",
            candidates=["6938215504471120385", "6938300417728840193"],
            deadline_at=at(seconds=-205),
        ),
    )


def _failed(at: _At) -> dict[str, Any]:
    text = "您这单预计后天送到,中通快递运单号78810467731205。"
    reply = {
        "id": "o1",
        "source": "draft",
        "source_id": "draft-failed",
        "text": text,
        "at": at(minutes=9),
        "by": "林晓",
    }
    return conversation(
        "c-failed",
        DOUYIN,
        "阿澈",
        [at.message("f1", "buyer", "到哪儿啦亲", 12)],
        replies=[{**reply, "state": "failed", "error": "平台拒收:内容未通过审核,请改写后重发。"}],
        card=card("draft-failed", "c-failed", at, draft_view(text, "zh"), state="failed", deadline_at=None),
        orders={"state": "unavailable", "as_of": None, "orders": []},
    )


def _unconfirmed(at: _At) -> dict[str, Any]:
    text = "The free replacement ships by Nov 24."
    reply = {"id": "o2", "source": "typed", "source_id": "t2", "text": text, "at": at(minutes=3), "by": "Lin"}
    return conversation(
        "c-unconfirmed",
        TIKTOK,
        "jdoe",
        [at.message("u1", "buyer", "ok the replacement pls", 6)],
        replies=[{**reply, "state": "unconfirmed", "error": None}],
    )


def _hostile(at: _At) -> dict[str, Any]:
    text = "😀👍🏽好的,明天18点前发出 ✨ 退您29.95元。"
    draft = draft_view(
        text,
        "zh",
        claims=[
            claim(text, "明天18点前", "time", "option.reship.by"),
            claim(text, "29.95元", "amount", "option.refund_keep.amount"),
        ],
    )
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> 😀"
    return conversation(
        "c-hostile",
        DOUYIN,
        "<b>怪</b>",
        [at.message("x1", "buyer", attack, 3)],
        card=card("draft-hostile", "c-hostile", at, draft, deadline_at=at(seconds=-900)),
    )


def _answered(at: _At) -> dict[str, Any]:
    return conversation(
        "c-answered",
        TIKTOK,
        "sunny.k",
        [
            at.message("s1", "buyer", "is the mug dishwasher safe?", 200),
            at.message("s2", "agent", "Yes, top rack.", 190, sent_by="assisted", agent="Lin", draft={"id": "old"}),
        ],
    )


def conversations(now: datetime) -> list[dict[str, Any]]:
    """All of them, with times around ``now``."""
    at = _At(now)
    return [make(at) for make in (_damaged, _refund, _ambiguous, _failed, _unconfirmed, _hostile, _answered)]
