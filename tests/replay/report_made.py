"""Totals of an archive that never was, large enough for every section of a report."""

from typing import Any

from copilot.replay.drafts.totals import DraftTotals
from copilot.replay.samples import Samples, sample_key
from copilot.replay.totals import (
    BUYER_SAMPLES,
    SAMPLES_PER_AGENT_RULE,
    SAMPLES_PER_CHANGE,
    SAMPLES_PER_RULE,
    Changes,
    Group,
    Totals,
)

RULES: dict[str, tuple[str, str, str, str, str]] = {
    "off_platform.wechat": (
        "block",
        "引导买家添加微信",
        "invites the buyer to WeChat",
        "您在这里说就行，我一直在，马上帮您处理。",
        "Just tell me here, I am on it right away.",
    ),
    "blame_shift.third_party": (
        "warn",
        "把责任推给快递",
        "puts the blame on the carrier",
        "让您久等了，我现在就去核实包裹到哪里了，今天下班前回复您。",
        "I am sorry you are still waiting. I am checking where the parcel is and will tell you today.",
    ),
    "absolute_claim.superlative": (
        "block",
        "使用了绝对化用语",
        "an absolute claim",
        "这款是我们店里回购比较多的一款，适合日常穿。",
        "Many of our customers buy this one again; it suits everyday wear.",
    ),
    "review_inducement.paid": (
        "block",
        "用红包换好评",
        "pays for a good review",
        "有任何不满意都可以直接告诉我，我来处理。",
        "If anything is not right, please tell me and I will sort it out.",
    ),
    "empathy.missing": ("warn", "没有先致歉", "does not apologise first", "真的很抱歉，让您久等了。", "I am so sorry."),
    "structure.question": (
        "info",
        "结尾没有问句",
        "does not end with a question",
        "您看哪种方便？",
        "Which one suits you?",
    ),
}
AGENTS = {"阿青": 1240, "小满": 980, "Mia": 760, "晚晚": 655, "Theo": 410, "安安": 90}
SAID: dict[str, list[tuple[str, str]]] = {
    "off_platform.wechat": [
        ("亲，平台消息有点慢，您加我薇❤ kefu⟨…⟩ 我拉您进群，新款先看", "加我薇❤ kefu⟨…⟩"),
        ("Add us on WeChat for a quicker reply, the id is on the card", "Add us on WeChat"),
        ("宝子 方便的话加个V信 尺码表发您看看", "加个V信"),
    ],
    "blame_shift.third_party": [
        ("这个真的是快递那边的问题，跟我们没有关系的呢", "是快递那边的问题"),
        ("thats the courier's fault not ours, call them", "the courier's fault not ours"),
    ],
    "absolute_claim.superlative": [("咱家这款全网最低价，质量也是全国第一", "全网最低价")],
    "review_inducement.paid": [("姐妹带图五星好评给您返3元红包哈", "五星好评给您返3元红包")],
    "structure.question": [("好的，已经登记了。", "已经登记了")],
}
BUYERS = [
    "我的快递到哪了，三天没动了",
    "收到的杯子碎了一个",
    "什么时候发货呀",
    "160 110斤穿什么码",
    "退款怎么还没到账",
    "在吗",
    "衣服小了能换大一码吗",
    "where is my parcel, it said friday",
    "the mug came broken",
    "can i cancel the order please",
    "少发了一件",
    "颜色和图片不一样",
    "好的谢谢",
    "尺码偏小吗",
    "refund hasnt arrived yet",
]
WEEKS = [f"2026-W{number}" for number in range(38, 48)]


def example(rule: str, text: str, hit: str, number: int, **changes: Any) -> dict[str, Any]:
    """A sample as a run keeps it."""
    start = text.find(hit)
    found: dict[str, Any] = {
        "key": sample_key(text, "shop.jsonl", number),
        "rule": rule,
        "severity": RULES[rule][0] if rule in RULES else "block",
        "archive": "shop.jsonl",
        "line": 100 + number,
        "conversation": f"c-{number}",
        "message": f"m-{number}",
        "index": 3,
        "sent_at": f"2026-11-{number % 20 + 1:02d}T10:0{number % 6}:00+08:00",
        "shop": "南山陶物",
        "agent": list(AGENTS)[number % len(AGENTS)],
        "role": "agent",
        "pack": "douyin.cn@2026-11",
        "excerpt": text,
        "start": start,
        "end": start + len(hit),
    }
    return found | changes


def group(messages: int, block: int, warn: int, rules: dict[str, int]) -> Group:
    """A group whose decisions add up."""
    return Group(messages, {"pass": messages - block - warn, "block": block, "warn": warn}, rules)


def made(partial: bool = False, drafts: dict[str, Any] | None = None) -> Totals:
    """The totals."""
    totals = Totals()
    totals.run = {"pack": "douyin.cn", "against": None, "masked": True, "timezone": "Asia/Shanghai", "partial": partial}
    totals.archives = {"shop.jsonl": {"conversations": 2210, "messages": 9876, "rejected": 3}}
    totals.messages = {"agent": 4135, "bot": 612, "buyer": 4980, "system": 149}
    totals.marks = {"recalled": 4, "auto": 380, "not_text": 720}
    totals.packs = {"douyin.cn@2026-08": 3120, "douyin.cn@2026-11": 6600}
    totals.pack_days = {
        "douyin.cn@2026-08": ["2026-09-14", "2026-10-31"],
        "douyin.cn@2026-11": ["2026-11-01", "2026-11-22"],
    }
    totals.rejected = {"json": 2, "encoding": 1}
    totals.not_judged = {
        "over_authority.ceiling": {"no_authority": 4747},
        "false_promise.ungrounded": {"no_claims": 4747},
        "length.max_chars": {"no_limit": 4747},
    }
    for rule, (severity, zh, en, better_zh, better_en) in RULES.items():
        totals.catalogue[rule] = {
            "family": rule.partition(".")[0],
            "severity": severity,
            "source": "平台客服规范",
            "reason": {"zh": zh, "en": en},
            "suggestion": {"zh": better_zh, "en": better_en},
        }
    _count(totals)
    totals.buyers = Samples(BUYER_SAMPLES)
    for at, text in enumerate(BUYERS * 3):
        words = f"{text} {'' if at < len(BUYERS) else at}".strip()
        totals.buyers.add(
            {"key": sample_key(words, at), "text": words, "week": WEEKS[at % len(WEEKS)], "shop": "南山陶物"}
        )
    totals.extra = {"drafts": drafts} if drafts else {}
    return totals


def _count(totals: Totals) -> None:
    numbers = {"off_platform.wechat": 23, "blame_shift.third_party": 61, "absolute_claim.superlative": 14}
    numbers |= {"review_inducement.paid": 9, "empathy.missing": 37, "structure.question": 120}
    for rule, number in numbers.items():
        totals.rules[rule] = {RULES[rule][0]: number, "messages": number - number // 10}
        samples = totals.samples[rule] = Samples(SAMPLES_PER_RULE)
        for at, (text, hit) in enumerate(SAID.get(rule, [])):
            samples.add(example(rule, text, hit, at))
    for at, (agent, messages) in enumerate(AGENTS.items()):
        rules = {} if agent == "安安" else {rule: n // (at + 2) for rule, n in numbers.items() if n // (at + 2)}
        block = sum(n for rule, n in rules.items() if RULES[rule][0] == "block")
        warn = sum(n for rule, n in rules.items() if RULES[rule][0] == "warn")
        totals.agents[agent] = group(messages, block, warn, rules)
        for rule in rules:
            for text, hit in SAID.get(rule, [])[:1]:
                found = example(rule, text, hit, at, agent=agent)
                totals.coaching[f"{agent}|{rule}"] = Samples(SAMPLES_PER_AGENT_RULE, [found])
    totals.shops = {"南山陶物": group(3200, 40, 70, numbers), "Kiln & Co": group(1547, 6, 28, numbers)}
    totals.speakers = {
        "agent": group(4135, 45, 92, numbers),
        "bot": group(612, 1, 6, {}),
        "buyer": group(4980, 0, 0, {}),
    }
    for at, week in enumerate(WEEKS):
        totals.weeks[week] = group(420 + 30 * (at % 3), 7 - at // 2, 12 - at, {})
    totals.weeks[""] = group(55, 0, 0, {})


def with_changes(totals: Totals) -> Totals:
    """The same totals compared with another version of the rules."""
    totals.run["against"] = "douyin.cn@2026-08"
    changes = totals.changes = Changes(messages=31, decisions={"pass>block": 20, "block>pass": 3, "warn>block": 8})
    changes.rules = {"off_platform.wechat": {"caught": 23, "changed": 2}, "absolute_claim.superlative": {"released": 6}}
    changes.agents = {"阿青": {"caught": 12, "released": 3}, "Mia": {"caught": 11, "changed": 2}}
    changes.shops = {"南山陶物": {"caught": 20, "released": 6}, "Kiln & Co": {"caught": 3}}
    text, hit = SAID["off_platform.wechat"][0]
    key = "off_platform.wechat|caught"
    changes.samples[key] = Samples(SAMPLES_PER_CHANGE, [example("off_platform.wechat", text, hit, 7)])
    text, hit = "最好先用温水洗一遍再穿", "最好"
    key = "absolute_claim.superlative|released"
    changes.samples[key] = Samples(SAMPLES_PER_CHANGE, [example("absolute_claim.superlative", text, hit, 8)])
    return totals


def drafted() -> dict[str, Any]:
    """Sums of a flow replay."""
    totals = DraftTotals(against="playbooks@old", conversations=120, turns=260, drafted=190, answered=240)
    totals.silent.update({"no_playbook": 30, "nothing_to_answer": 28, "unclear": 12})
    totals.issues.update({"logistics_query": 110, "damaged": 80, "none": 70})
    totals.issues_drafted.update({"logistics_query": 104, "damaged": 70, "none": 16})
    totals.shops.update({"南山陶物": 200, "Kiln & Co": 60})
    totals.shops_drafted.update({"南山陶物": 150, "Kiln & Co": 40})
    totals.risks.update({"platform_complaint": 3})
    totals.acts.update({"answer": 100, "offer": 70, "ask": 20})
    totals.options.update({"reship": 50, "refund_keep": 40})
    totals.left_out.update({"reship: over_ceiling": 9, "refund_keep: fact_missing:order.total": 3})
    totals.titles = {
        "reship": {"zh": "补发", "en": "reship"},
        "refund_keep": {"zh": "部分退款", "en": "partial refund"},
    }
    totals.verdicts.update({"pass": 188, "warn": 2})
    totals.changed = 21
    totals.changes.update({"other_cost": 20, "no_longer_offered": 1})
    totals.changed_shops.update({"南山陶物": 21})
    totals.changed_issues.update({"damaged": 21})
    totals.costs = {"南山陶物": {"CNY": [41, 122795, 245590]}}
    totals.costs_before = {"南山陶物": {"CNY": [41, 12259, 245590]}}
    offer = {"act": "offer", "options": [{"key": "refund_keep", "gives": {"amount": "29.95 CNY"}}]}
    sample: dict[str, Any] = {
        "archive": "shop.jsonl",
        "line": 11,
        "turn": 1,
        "sent_at": "2026-11-22T15:02:21+08:00",
        "shop": "南山陶物",
        "issue": "damaged",
        "buyer": "刚拆开碎了两个!!",
    }
    draft = {
        "text": "真的很抱歉,收到就碎了两个。您可以选择:A 补发;B 部分退款29.95元。您看哪种方便?",
        "options": [{"title": "补发"}],
    }
    totals.samples.offer("drafted|damaged", "k1", lambda: {**sample, "draft": draft, "answer": "您拍个照片看看"})
    totals.samples.offer("silent|no_playbook", "k2", lambda: {**sample, "buyer": "可以开发票吗", "draft": None})
    changed = {"change": "other_cost", "before": offer, "now": offer}
    totals.samples.offer("changed|南山陶物|other_cost", "k3", lambda: {**sample, **changed})
    return totals.as_json()
