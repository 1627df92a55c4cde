"""An archive of a few conversations, and the shipped playbooks with a single rule of their own, for flow replay."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from copilot import assets
from copilot.replay.drafts.totals import DRAFTS
from copilot.replay.drafts.work import DraftSettings, Found

PROMPTS = assets.prompt_folders()
RULE = """\
id: abuse.fool
family: abuse
severity: block
reason: {zh: 不礼貌, en: rude}
source: house rules
suggestion: {zh: 抱歉, en: sorry}
matchers:
  - {kind: terms, terms: [笨蛋]}
"""
PHONE = "13812345678"


def order(number: str, **more: Any) -> dict[str, Any]:
    money = {"amount": "59.90", "currency": "CNY"}
    return {
        "id": number,
        "status": "delivered",
        "created_at": "2026-11-10T10:00:00+08:00",
        "paid_at": "2026-11-10T10:01:00+08:00",
        "delivered_at": "2026-11-19T10:00:00+08:00",
        "total": money,
        "items": [{"name": "陶杯", "quantity": 1, "price": money}],
        "shipments": [
            {"tracking_no": "SF100200300", "events": [{"at": "2026-11-19T10:00:00+08:00", "text": "已签收"}]}
        ],
    } | more


def message(role: str, text: str, time: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "text": text, "sent_at": f"2026-11-20T{time}:00+08:00"} | more


def conversation(number: int, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    about = {"id": f"c{number}", "platform": "douyin", "market": "cn", "shop": "南山陶物"}
    return about | {"messages": list(messages)} | more


def archive() -> list[dict[str, Any]]:
    """A damaged cup with its choice, a parcel, thanks, and something no playbook covers."""
    damaged = (
        message("buyer", f"收到的杯子碎了,我电话{PHONE}", "10:00", id="m1"),
        message("buyer", "", "10:00", kind="image"),
        message("agent", "亲 稍等哦", "10:05", agent="阿青"),
        message("buyer", "快点处理", "10:30"),
    )
    return [
        conversation(1, *damaged, orders=[order("693812345678901234")]),
        conversation(2, message("buyer", "我的快递到哪了", "11:00"), shop="小叮数码"),
        conversation(3, message("buyer", "可以开发票吗", "12:00"), message("agent", "可以", "12:01")),
        conversation(4, message("agent", "有货的", "12:59"), message("buyer", "好的谢谢", "13:00")),
    ]


def found(values: Iterable[dict[str, Any]]) -> Iterator[Found]:
    return (Found("a.jsonl", line, value) for line, value in enumerate(values, 1))


class Make:
    """Settings over the shipped playbooks with a single rule of its own."""

    def __init__(self, folder: Path) -> None:
        self.policies = folder / "policies"
        for name in ("playbooks", "profiles", "terms", "voice", "fold"):
            shutil.copytree(assets.policy_folders()[0] / name, self.policies / name)
        for name in ("generic", "douyin.cn"):
            pack = self.policies / "packs" / f"{name}.yaml"
            pack.parent.mkdir(exist_ok=True)
            pack.write_text(f"name: {name}\neffective: 2026-11-01\nfamilies: [abuse]\n", encoding="utf-8")
        rule = self.policies / "rules" / "abuse" / "fool.yaml"
        rule.parent.mkdir(parents=True)
        rule.write_text(RULE, encoding="utf-8")
        self._cache = folder / "cache"

    def __call__(self, **more: Any) -> DraftSettings:
        return DraftSettings((self.policies,), PROMPTS, self._cache, **more)


def rows(folder: Path, name: str = DRAFTS) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def earlier(settings: Make, folder: Path) -> Path:
    """A version of the playbooks in which a partial refund is a tenth of the price."""
    shutil.copytree(settings.policies / "playbooks", folder / "policies" / "playbooks")
    options = folder / "policies" / "playbooks" / "options.yaml"
    text = options.read_text(encoding="utf-8")
    new = text.replace("item.total * terms.keep_refund_percent / 100", "item.total * 10 / 100")
    assert new != text
    options.write_text(new, encoding="utf-8")
    return folder / "policies"
