"""What the evaluation says to people, in both languages, and the names of points, faults and flaws."""

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("标准会话评测", "Golden conversations, evaluated"),
    "about": (
        "同一批标准会话,由下面几位各写一遍。方案、金额和日期已由代码定好,比的只是措辞。代码看不出的好坏,请自己读。",
        "The same golden conversations, worded by each of these. Options, amounts and dates are decided by code; only "
        "words differ. What code cannot tell, please read.",
    ),
    "composer": ("模板", "composer"),
    "writer": ("谁写的", "writer"),
    "asked": ("会话", "asked"),
    "usable": ("写成", "usable"),
    "clean": ("无瑕疵", "flawless"),
    "grounded": ("有依据", "grounded"),
    "answers": ("答到", "answers"),
    "options": ("方案对", "options"),
    "length": ("长度", "length"),
    "voice": ("口吻", "voice"),
    "habits": ("无套话", "habits"),
    "alike": ("开头最多雷同", "same opening"),
    "seconds": ("秒 p50/p95", "s p50/p95"),
    "tokens": ("词元 入/出", "tokens in/out"),
    "cost": ("美元", "USD"),
    "unpriced": ("价格未知", "no known price"),
    "faults": ("没写成的原因", "Why there was no text"),
    "flaws": ("最常见的瑕疵", "Most frequent flaws"),
    "none": ("没有", "none"),
    "cases": ("逐个会话", "Case by case"),
    "contents": ("目录", "Contents"),
    "sums": ("汇总", "Sums"),
    "prompts": ("用到的模板", "Prompts used"),
    "no_text": ("没有写出可用的文字", "no usable text"),
    "buyer": ("买家", "Buyer"),
    "agent": ("店铺", "Shop"),
    "bot": ("机器人", "Bot"),
    "system": ("系统", "System"),
    "total": ("共花费 {cost} 美元", "spent {cost} US dollars in all"),
    "plan": (
        "{cases} 个会话 × {models} 个模型,同时最多 {at_once} 个;上限 {budget}",
        "{cases} conversations × {models} models, {at_once} at once at most; budget {budget}",
    ),
    "no_budget": ("不限", "none"),
    "written": ("结果在 {path}", "written to {path}"),
    "asking": ("评测中", "evaluating"),
}
_CODES: dict[str, tuple[str, str]] = {
    "no_amount_or_date": ("该说的金额或日期没说", "no amount or date although facts have them"),
    "promise_without_time": ("答应了却没说时间", "a promise without its time"),
    "nothing_asked": ("该问的没问", "does not ask what it needs"),
    "fits_any_shop": ("放哪家店都能用", "would fit any shop and any order"),
    "not_the_options_decided": ("方案和定好的不一致", "not the options that were decided"),
    "letters_without_a_choice": ("没得选却写了A/B", "letters without a choice"),
    "options_too_late": ("方案出现得太晚", "options come too late"),
    "options_out_of_order": ("方案顺序不对", "options out of order"),
    "no_closing_question": ("没有用问句结尾", "a choice without a closing question"),
    "option_without_amount": ("方案没说金额", "an option without its amount"),
    "option_without_by": ("方案没说时间", "an option without its date"),
    "too_short": ("不到两句", "fewer than two sentences"),
    "too_long": ("超过五句", "more than five sentences"),
    "over_the_platforms_limit": ("超出平台字数", "over the platform's limit"),
    "another_language": ("语言不对", "another language"),
    "particles": ("语气词太多", "too many particles"),
    "emoji": ("不该用的表情", "emoji that the shop does not use"),
    "address": ("称呼不对", "the wrong form of address"),
    "apology_too_many": ("多余的道歉", "an apology too many"),
    "asks_for_what_is_known": ("问了已经知道的", "asks for what is known"),
    "officialese": ("套话", "officialese"),
    "invented_action": ("声称做了没做的事", "claims something that nobody did"),
    "blame": ("推责任", "blame"),
    "threat_taken_up": ("接了买家的威胁", "takes up a threat"),
    "speaks_of_reviews": ("提了评价", "speaks of reviews"),
    "said_before": ("重复了说过的句子", "repeats a sentence said before"),
    "model_timeout": ("超时", "timed out"),
    "model_throttled": ("被限流", "throttled"),
    "model_refused": ("服务商拒绝", "refused by the provider"),
    "model_unavailable": ("服务不可用", "provider unavailable"),
    "model_too_large": ("回答过大", "answer too large"),
    "model_invalid": ("回答不合格式或超出方案", "not in the form asked for, or beyond the plan"),
    "model_blocked": ("两次都被规则拦下", "blocked by policy twice"),
    "model_no_time": ("时间不够", "no time left"),
    "model_budget": ("预算用完", "over the budget"),
    "model_not_ready": ("模型未就绪", "model not ready"),
    "model_paused": ("暂停使用", "left alone for a while"),
    "injection": ("疑似指令,不交给模型", "words that steer machines: no model is asked"),
    "failed": ("出错", "failed"),
}
_NO_FACT = ("没有依据的{kind}", "{kind} without a fact")
_KINDS: dict[str, tuple[str, str]] = {
    "amount": ("金额", "an amount"), "date": ("日期", "a date"), "time": ("时间", "a time"),
    "duration": ("时长", "a duration"), "percent": ("百分比", "a percentage"), "number": ("单号", "a number"),
    "product": ("商品", "a product"), "promise": ("承诺", "a promise"), "action": ("动作", "an action"),
    "state": ("状态", "a state"), "cause": ("原因", "a cause"), "attribute": ("属性", "an attribute"),
    "quantity": ("数量", "a quantity"),
}  # fmt: skip


def words(language: str) -> dict[str, str]:
    """Every word by its key."""
    return {key: pair[language != "zh"] for key, pair in _WORDS.items()}


def code(name: str, language: str) -> str:
    """A fault's or a flaw's name; a rule's id stands for itself."""
    at = language != "zh"
    if name.startswith("no_fact_"):
        kind = name.removeprefix("no_fact_")
        return _NO_FACT[at].format(kind=_KINDS[kind][at] if kind in _KINDS else kind)
    return _CODES[name][at] if name in _CODES else name
