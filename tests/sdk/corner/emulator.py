"""The platform that exists only here: its calls, deliveries, stream and notes."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from copilot.domain.clock import Clock
from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.domain.order import Order
from copilot.sdk.signing import hmac_hex
from copilot.sdk.testing import AtOrder, Cut, Emulator, HandedIn, Noted, Push, Said
from copilot.sdk.testing.chats import stable_id
from copilot.sdk.testing.page import picture

WHO = {Role.BUYER: "buyer", Role.AGENT: "person", Role.BOT: "robot", Role.SYSTEM: "notice"}
WORDS = {Kind.TEXT: "text", Kind.IMAGE: "image", Kind.ORDER_CARD: "order", Kind.PRODUCT_CARD: "product"}
Endpoint = Callable[[Request], Awaitable[Response]]


class CornerEmulator(Emulator):
    """One shop."""

    name = "corner"
    title = "Corner"

    def __init__(self, *, clock: Clock | None = None) -> None:
        super().__init__(clock=clock)
        self.shop_id = stable_id("corner", "shop")
        self.secret, self.token, self.refresh = (secrets.token_hex(20) for _ in range(3))
        self.told: list[dict[str, Any]] = []
        self.kept: dict[str, dict[str, Any]] = {}
        self.questions: dict[str, str] = {}
        self.more = asyncio.Event()

    def settings(self, base_url: str) -> dict[str, str]:
        super().settings(base_url)
        return {
            "secret": self.secret,
            "access_token": self.token,
            "refresh_token": self.refresh,
            "api_url": self.base_url,
        }

    def routes(self) -> Sequence[BaseRoute]:
        talk = "/conversations/{id}"
        calls: list[tuple[str, str, str, Endpoint]] = [
            ("GET", "/events", "read", self.events),
            ("GET", "/stream", "read", self.stream),
            ("POST", f"{talk}/messages", "send", self.send),
            ("GET", f"{talk}/messages", "read", self.messages),
            ("POST", f"{talk}/files", "send", self.files),
            ("POST", f"{talk}/cards", "send", self.cards),
            ("POST", f"{talk}/notes", "send", self.write_note),
            ("POST", f"{talk}/read", "read", self.mark),
            ("POST", f"{talk}/enter", "read", self.enter),
            ("PUT", "/notes/{id}", "read", self.settle),
            ("POST", "/open", "read", self.open),
            ("GET", talk, "read", self.attended),
            ("GET", "/service", "read", self.counted),
            ("GET", "/orders", "read", self.list_orders),
            ("POST", "/orders/{id}/messages", "send", self.leave_at_order),
            ("PUT", "/agents/{agent}/avatars/{key}", "send", self.take_avatar),
            ("GET", "/agents/{agent}/avatars/{key}", "read", self.judged_avatar),
            ("GET", "/orders/{id}", "read", self.one_order),
            ("GET", "/products/{id}", "read", self.one_product),
            ("GET", "/media/photo", "read", self.photo),
        ]
        return [
            Route("/token", self.renew, methods=["POST"]),
            *(Route(path, self.guarded(call, kind), methods=[method]) for method, path, kind, call in calls),
        ]

    def guarded(self, call: Endpoint, kind: Any) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            if self.faults.take("token_expired", kind):
                self.token = secrets.token_hex(20)
            if request.headers.get("authorization") != f"Bearer {self.token}":
                return JSONResponse({"error": "token"}, 401)
            if self.faults.take("throttle", kind):
                wait = {"retry-after": f"{self.faults.retry_after:g}"}
                return JSONResponse({"error": "slow"}, 429, wait)
            if self.faults.take("server_error", kind):
                return JSONResponse({"error": "oops"}, 500)
            return await call(request)

        return endpoint

    # Deliveries.

    def announce(self, said: Said) -> None:
        self.tell(self.wired(said))

    def wired(self, said: Said) -> dict[str, Any]:
        message = said.message
        assert message.sent_at is not None
        return {
            "event": "message",
            "id": message.id,
            "conversation": said.conversation,
            "by": WHO[message.role],
            "buyer": said.shopper.id if message.role is Role.BUYER else None,
            "kind": WORDS.get(message.kind, "video"),
            "text": message.text,
            "ref": message.order_id or message.product_id,
            "picture": "corner:photo" if message.media else None,
            "at": message.sent_at.timestamp(),
            "place": said.sequence,
        }

    async def attended(self, request: Request) -> Response:
        thread = self.chats.find(request.path_params["id"])
        assert thread is not None
        return JSONResponse({"agent": thread.agent})

    async def counted(self, request: Request) -> Response:
        assert request.query_params["first"] < request.query_params["last"]
        return JSONResponse(self.service_record.model_dump() if self.service_record else {})

    async def invite(self, shopper_id: str, text: str) -> str:
        thread = self.chats.of_shopper(shopper_id)
        self.chats.post(thread, Message(role=Role.BUYER, text=text))
        self.tell({"event": "invited", "conversation": thread.id})
        return thread.id

    async def enter(self, request: Request) -> Response:
        thread = self.chats.find(request.path_params["id"])
        assert thread is not None
        return JSONResponse({"events": [self.wired(one) for one in thread.said]})

    def order_changed(self, order: Order) -> None:
        self.tell({"event": "order", "order": order.id})

    async def decide(self, note: Noted, decision: Any, **more: Any) -> None:
        told = {"event": "decided", "conversation": note.conversation, "note": note.id, "decision": decision}
        self.tell({**told, **more})

    async def tap(self, shopper_id: str, question: str) -> None:
        (card,) = [id for id, words in self.questions.items() if words == question]
        conversation = self.chats.of_shopper(shopper_id).id
        self.tell({"event": "tapped", "conversation": conversation, "card": card, "id": self.chats.new_id()})

    def tell(self, event: dict[str, Any]) -> None:
        self.told.append(event)
        self.more.set()
        body = json.dumps({"shop": self.shop_id, "events": [event]}).encode()
        stamp = str(int(self.clock.now().timestamp()))
        sign = hmac_hex(self.secret, stamp.encode(), b".", body)
        self.pusher.push(Push(body, {"corner-time": stamp, "corner-sign": sign}))

    def since(self, after: str) -> tuple[list[dict[str, Any]], str]:
        start = int(after) if after.isdigit() else 0
        return self.told[start : start + 3], str(min(start + 3, len(self.told)))

    async def events(self, request: Request) -> Response:
        found, place = self.since(request.query_params.get("after", ""))
        return JSONResponse({"events": found, "next": place, "more": int(place) < len(self.told)})

    async def stream(self, request: Request) -> Response:
        async def lines() -> AsyncIterator[bytes]:
            place = request.query_params.get("after", "")
            while True:
                found, place = self.since(place)
                yield json.dumps({"events": found, "next": place}).encode() + b"\n"
                if int(place) >= len(self.told):
                    self.more.clear()
                    await asyncio.wait_for(self.more.wait(), 30)

        return StreamingResponse(lines())

    # Calls.

    async def send(self, request: Request) -> Response:
        asked = await request.json()
        if self.faults.take("refuse"):
            return JSONResponse({"error": "refused"}, 422)
        if self.faults.take("window_closed"):
            return JSONResponse({"error": "closed"}, 409)
        if self.faults.take("buyer_closed"):
            return JSONResponse({"error": "buyer"}, 409)
        if asked["key"] in self.kept:
            return JSONResponse(self.kept[asked["key"]])
        self.questions = asked.get("questions", {})
        text = "\n".join([asked["text"], *self.questions.values()])
        answer = self.taken(request, Message(role=Role.AGENT, text=text, sent_by=SentBy.PERSON))
        self.kept[asked["key"]] = answer
        return Cut() if self.faults.take("cut_after_accepting") else JSONResponse(answer)

    def taken(self, request: Request, message: Message) -> dict[str, Any]:
        thread = self.chats.find(request.path_params["id"])
        assert thread is not None
        return {"id": self.accept_message(thread, message).message.id}

    async def files(self, request: Request) -> Response:
        assert await request.body() == picture()
        kind = Kind(request.query_params["kind"])
        return JSONResponse(self.taken(request, Message(role=Role.AGENT, kind=kind, text="", sent_by=SentBy.PERSON)))

    async def cards(self, request: Request) -> Response:
        asked = await request.json()
        if self.faults.take("refuse_card"):
            return JSONResponse({"error": "card"}, 422)
        kind, field = {
            "order": (Kind.ORDER_CARD, "order_id"),
            "product": (Kind.PRODUCT_CARD, "product_id"),
            "coupon": (Kind.OTHER, "product_id"),
        }[asked["kind"]]
        message = Message.model_validate({"role": "agent", "kind": kind, "text": "", field: asked["ref"]})
        return JSONResponse(self.taken(request, message))

    async def write_note(self, request: Request) -> Response:
        thread = self.chats.find(request.path_params["id"])
        assert thread is not None
        return JSONResponse({"id": self.accept_note(thread, (await request.json())["text"]).id})

    async def settle(self, request: Request) -> Response:
        note = next(one for one in self.notes if one.id == request.path_params["id"])
        note.settled = (await request.json())["settled"]
        return JSONResponse({})

    async def mark(self, request: Request) -> Response:
        thread = self.chats.find(request.path_params["id"])
        assert thread is not None
        thread.unread = 0
        return JSONResponse({})

    async def messages(self, request: Request) -> Response:
        thread = self.chats.find(request.path_params["id"])
        page, since = int(request.query_params["page"]), float(request.query_params["since"])
        assert thread is not None
        listed: list[dict[str, Any]] = []
        for said in thread.said:
            assert said.message.sent_at is not None
            at = said.message.sent_at.timestamp()
            if at >= since:
                by = WHO[said.message.role]
                listed.append(
                    {"id": said.message.id, "text": said.message.text, "by": by, "at": at, "place": said.sequence}
                )
        following = page + 1 if (page + 1) * 10 < len(listed) else None
        return JSONResponse({"messages": listed[page * 10 : page * 10 + 10], "next": following})

    async def open(self, request: Request) -> Response:
        placed = self.orders.get((await request.json())["order"])
        if placed is None:
            return JSONResponse({"error": "none"}, 404)
        return JSONResponse({"conversation": self.chats.of_shopper(placed.shopper).id})

    async def leave_at_order(self, request: Request) -> Response:
        asked, order = await request.json(), request.path_params["id"]
        if order not in self.orders:
            return JSONResponse({"error": "none"}, 404)
        if asked["key"] not in self.kept:
            left = AtOrder(self.chats.new_id(), order, asked["text"])
            self.at_orders.append(left)
            self.kept[asked["key"]] = {"id": left.id}
        return JSONResponse(self.kept[asked["key"]])

    async def take_avatar(self, request: Request) -> Response:
        kind = request.headers["content-type"]
        if not kind.startswith("image/"):
            return JSONResponse({"error": "refused", "why": "a picture, please"}, 422)
        given = HandedIn(request.path_params["agent"], kind, await request.body())
        self.avatars.setdefault(request.path_params["key"], given)
        return await self.judged_avatar(request)

    async def judged_avatar(self, request: Request) -> Response:
        found = self.avatars.get(request.path_params["key"])
        if found is None or found.agent != request.path_params["agent"]:
            return JSONResponse({})
        return JSONResponse({"state": found.state, "reason": found.reason})

    async def list_orders(self, request: Request) -> Response:
        buyer = request.query_params["buyer"]
        found = [self.shown(order.id) for order in self.orders_of(buyer)]
        return JSONResponse({"orders": found})

    async def one_order(self, request: Request) -> Response:
        return JSONResponse({"order": self.shown(request.path_params["id"])})

    def shown(self, number: str) -> dict[str, Any] | None:
        placed = self.orders.get(number)
        return {"order": placed.order.model_dump(mode="json"), "buyer": placed.shopper} if placed else None

    async def one_product(self, request: Request) -> Response:
        found = self.products.get(request.path_params["id"])
        return JSONResponse({"product": found.model_dump(mode="json") if found else None})

    async def photo(self, request: Request) -> Response:
        return Response(picture(), media_type="image/png")

    async def renew(self, request: Request) -> Response:
        if (await request.json())["refresh"] != self.refresh:
            return JSONResponse({"error": "denied"}, 403)
        self.token, self.refresh = secrets.token_hex(20), secrets.token_hex(20)
        return JSONResponse({"access_token": self.token, "refresh_token": self.refresh})
