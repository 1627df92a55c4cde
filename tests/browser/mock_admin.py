"""The mock's half for the administration page: a few people, one shop, two questions, some rules, a log."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.browser.mock_decisions import decisions

ROLES = ("owner", "general_admin", "supervisor", "agent", "qa")


class Admin:
    """What the page reads, and what it was told to change, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.people = [_person("p1", "lin", "林晓", "owner"), _person("p2", "zhou", "周舟", "agent", capacity=5)]
        self.refuse: dict[str, tuple[int, dict[str, Any]]] = {}
        self.watched: list[dict[str, str]] = []
        self.served: list[tuple[str, dict[str, str]]] = []
        self.few = False


def _person(id: str, login: str, name: str, role: str, **more: Any) -> dict[str, Any]:
    empty = {"language": "zh", "active": True, "receives": True, "capacity": None, "groups": [], "platform_name": None}
    scopes = ["message_reply", "order_handling", "after_sale_review"]
    unsaid = {"phone_bound": None, "name_verified": None}
    return {**empty, **unsaid, "scopes": scopes, "id": id, "login": login, "name": name, "role": role, **more}


def administration(app: FastAPI, admin: Admin) -> None:
    """The routes, which answer with what ``admin`` holds."""

    @app.get("/api/people")
    async def people() -> dict[str, Any]:
        return {"people": admin.people, "roles": ROLES}

    @app.get("/api/shops")
    async def shops() -> dict[str, Any]:
        return {"shops": [SHOP]}

    @app.get("/api/shops/{shop}/pack")
    async def pack(shop: str) -> dict[str, Any]:
        return {"shop": shop, "pack": "douyin.cn", "hash": "abc123", "rules": RULES, "limits": {}}

    decisions(app, lambda: admin.told, lambda: admin.refuse)
    _watching(app, admin)
    _looking_after(app, admin)

    @app.get("/api/audit")
    async def audit() -> dict[str, Any]:
        return {"log": LOG, "next": None, "actions": ["person.added", "shop.changed"]}

    @app.post("/api/auto/explain")
    async def explained(request: Request) -> dict[str, Any]:
        admin.told.append(("POST auto/explain", await request.json()))
        return {
            "tried": [{"kind": "auto", "id": "invoice", "why": "posture", "why_text": "店铺的模式不是自动"}],
            "sends": None,
            "language": "zh",
            "waiting": 3,
        }

    @app.get("/api/{kind}")
    async def things(kind: str) -> dict[str, Any]:
        found = KNOWN[kind]
        return {"items": found, "total": len(found), "version": 1}

    @app.api_route("/api/{path:path}", methods=["POST", "PUT", "DELETE"])
    async def changed(path: str, request: Request) -> Response:
        admin.told.append((f"{request.method} {path}", await request.json() if await request.body() else {}))
        if path in admin.refuse:
            status, error = admin.refuse[path]
            return JSONResponse({"error": {"message": "refused", "remedy": None, **error}}, status)
        return JSONResponse({})


def _looking_after(app: FastAPI, admin: Admin) -> None:
    @app.get("/api/absences")
    async def absences() -> dict[str, Any]:
        away = {"id": "a1", "shop": "s-douyin", "person": {"id": "p2", "name": "周舟"}, "ended_at": None}
        return {"absences": [{**away, "since": "2026-11-20T12:10:00Z"}]}

    @app.get("/api/shops/{shop}/rota")
    async def rota(shop: str) -> dict[str, Any]:
        return {"shop": shop, **ROTA}

    @app.get("/api/feedback")
    async def feedback() -> dict[str, Any]:
        return {"feedback": [SAID], "next": None}

    @app.post("/api/shops/{shop}/rota")
    async def saved(shop: str, request: Request) -> dict[str, Any]:
        given = await request.json()
        admin.told.append((f"POST shops/{shop}/rota", given))
        return {"shop": shop, **ROTA, **given, "gaps": []}


def _watching(app: FastAPI, admin: Admin) -> None:
    @app.get("/api/figures")
    async def figures(request: Request) -> dict[str, Any]:
        admin.watched.append(dict(request.query_params))
        return {**FIGURES, "total": None} if admin.few else FIGURES

    @app.get("/api/shops/{shop}/service")
    async def service(shop: str, request: Request) -> Any:
        admin.served.append((shop, dict(request.query_params)))
        return SERVICE

    @app.get("/api/figures/sample")
    async def sample(request: Request) -> dict[str, Any]:
        admin.watched.append(dict(request.query_params))
        return {"monday": "2026-11-16", "of": 41, "drafts": SAMPLED}


_TEXT: dict[str, Any] = {"kind": "text", "about": None, "choices": []}
SHOP: dict[str, Any] = {
    "id": "s-douyin",
    "slug": "nanshan",
    "name": "南山旗舰店",
    "platform": "douyin",
    "market": "cn",
    "adapter": "douyin",
    "platform_shop_id": "4463798",
    "pack": "douyin.cn",
    "profile": "douyin.cn",
    "zone": "Asia/Shanghai",
    "posture": "draft_only",
    "transport": "public",
    "revision": 1,
    "panel": ["https://chat.example.com"],
    "settings": [
        {**_TEXT, "name": "app_key", "title": "App Key", "required": True, "given": True},
        {**_TEXT, "name": "app_secret", "title": "App Secret", "kind": "secret", "required": True, "given": True},
        {**_TEXT, "name": "relay_url", "title": "Relay", "required": False, "given": False, "about": "会话通道的地址"},
    ],
}
CLASSES = {
    "verbatim": 20, "surface": 8, "substance": 4, "own_words": 4, "rejected": 2, "late": 1, "overtaken": 1,
}  # fmt: skip
TALLY: dict[str, Any] = {
    "seen": 40,
    "classes": CLASSES,
    "open": 2,
    "erased": 1,
    "after_typing": 3,
    "never_seen": 5,
    "unread": {"known": 18, "unread": 3},
    "after": {"sent": 32, "corrected": 1, "repeated": 2, "reopened": 0, "broken": 1},
}
SERVICE: dict[str, Any] = {
    "first": "2026-11-14",
    "last": "2026-11-20",
    "own": {
        "sessions": 41,
        "mean_seconds": 90.0,
        "response": {
            "in_time": 30, "missed": 10, "pending": 1, "percent": 75.0, "with_machines_percent": 97.5,
            "target_percent": 85.0, "within_seconds": 86400.0,
        },
        "rated": None,
        "satisfied_percent": None,
    },
    "platform": {
        "sessions": 43, "response_percent": 98.1, "response_minutes": 1.4, "satisfied_percent": 95.2,
        "machines_count": True,
    },
    "platform_missing": None,
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "first": "2026-11-14",
    "last": "2026-11-20",
    "total": TALLY,
    "shops": [{"key": "s-douyin", "name": "<b>南山</b>旗舰店", "tally": TALLY}],
    "issues": [
        {"key": "damaged", "name": "收货破损", "tally": TALLY},
        {"key": "stock", "name": "库存", "tally": None},
    ],
}
SAMPLED: list[dict[str, Any]] = [
    {
        "id": "0f3a",
        "shop": "南山旗舰店",
        "issue": "收货破损",
        "language": "zh",
        "buyer": ["收到碎了两个!!", "<img src=x onerror=alert(1)>"],
        "text": "照片收到了，退您29.95元。",
    }
]
RULES: list[dict[str, Any]] = [
    {
        "id": "off_platform.wechat",
        "family": "off_platform",
        "severity": "block",
        "reason": "引导买家到平台外联系",
        "suggestion": "我们就在这个窗口沟通。",
        "source": "平台规则",
    }
]
LOG: list[dict[str, Any]] = [
    {
        "id": "a1",
        "at": "2026-01-02T03:04:05Z",
        "by": {"id": "p1", "name": "林晓"},
        "action": "person.added",
        "object": "p2",
        "name": "周舟",
        "detail": {"role": "agent"},
    },
    {
        "id": "a2",
        "at": "2026-01-01T03:04:05Z",
        "by": None,
        "action": "shop.changed",
        "object": "s-douyin",
        "name": "<b>南山</b>",
        "detail": None,
    },
]
FAQ: list[dict[str, Any]] = [
    {
        "id": "shipping.when",
        "language": "zh",
        "question": "什么时候发货?",
        "answer": "付款后 48 小时内发货。",
        "similar": ["几天发货"],
        "category": "logistics",
        "audience": "buyer",
        "origin": "preset",
        "products": ["7"],
    }
]
PHRASES: list[dict[str, Any]] = [
    {"id": "hello", "language": "zh", "title": "问好", "text": "您好,在的。", "category": "daily_greeting"}
]
GREETINGS: list[dict[str, Any]] = [{"language": "zh", "text": "您好,欢迎光临。", "cards": ["shipping.when"]}]
AUTO_REPLIES: list[dict[str, Any]] = [
    {
        "id": "night",
        "language": "zh",
        "trigger": "after_hours",
        "text": "我们早上九点回来,会先回复您。",
        "keywords": [],
        "starts": "22:00",
        "ends": "09:00",
        "days": ["monday"],
        "busy_from": None,
        "active": True,
    }
]
KNOWN = {"faq": FAQ, "phrases": PHRASES, "greetings": GREETINGS, "auto-replies": AUTO_REPLIES}

ROTA: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "slots": [{"person": "p2", "starts": "20:00", "ends": "21:30", "days": ["friday"]}],
    "people": {"p1": "林晓", "p2": "周舟"},
    "peaks": [{"starts": "20:00", "ends": "22:00"}],
    "absent_minutes": 10,
    "own": {"peaks": None, "absent_minutes": None},
    "gaps": [{"start": "2026-11-20T13:30:00Z", "end": "2026-11-20T14:00:00Z", "minutes": 30}],
}
SAID: dict[str, Any] = {
    "id": "f1",
    "draft": "draft-damaged",
    "conversation": "c-damaged",
    "shop": "s-douyin",
    "by": {"id": "p2", "name": "周舟"},
    "text": "太长了",
    "draft_text": "非常抱歉",
    "issues": ["damaged"],
    "at": "2026-11-20T12:00:00Z",
}
