"""The JSON Schemas of the files that policy people write, with a word on every key for editors to show.

The shapes in ``model`` and ``presets`` are the source; this adds descriptions and decides nothing.
"""

from typing import Any

from pydantic import BaseModel

from copilot.policy.model import FoldFile, PackFile, Rule
from copilot.policy.presets import PresetFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[BaseModel]] = {"rule": Rule, "pack": PackFile, "fold": FoldFile, "presets": PresetFile}
"""The kinds of files that ``policy schema`` knows."""

_EVERY_MATCHER = {
    "kind": "How this matcher looks. 匹配方式。",
    "needs": "A hit only counts with a second signal near it. 附近还要有第二个信号才算命中。",
    "firm": "A hit of this matcher is not excused by unless_before and unless_after. 不受拒绝、警告语境的豁免。",
}
KEYS: dict[str, dict[str, str]] = {
    "Rule": {
        "id": "family.rule, permanent; packs and reports name it. 规则编号“类别.规则”，永久不变。",
        "family": "The first part of the id; packs choose families. 类别，即编号的前半段。",
        "severity": "block holds the text, warn marks it, info only counts. block 拦截，warn 提醒，info 只计数。",
        "scope": "Whose words are judged, and how they came about. 判断谁说的话、什么来源。",
        "only_if": "Speak only when this is known to be so. 只在确知如此时才判断。",
        "languages": "The languages that its words cover. 规则覆盖的语言。",
        "reason": "What is wrong, as the agent reads it. 给客服看的原因。",
        "source": "The platform's rule or the law behind it. 依据的平台规则或法规。",
        "suggestion": "What the agent could send or do instead. 客服可以照着发的话或照着做的事。",
        "matchers": "What is looked for; one hit is enough. 要找什么，命中其一即可。",
        "allow": "Longer words that contain a term and are harmless. 含有这些词但没问题的更长的词。",
        "unless_before": "Words in front of a hit that excuse it; @name is a list. 命中前出现则不算，@开头是词表。",
        "unless_after": "Words behind a hit that excuse it; @name is a list. 命中后出现则不算，@开头是词表。",
        "unless_grounded": "No violation when the check is told that all has a source. 已确认都有依据时不算违规。",
        "cases": "Examples that test the rule. 规则自带的测试用例。",
    },
    "Scope": {
        "speaker": "agent, buyer or both. 客服、买家或两者。",
        "origin": "draft (written by the copilot), human (typed), archive (replayed). 草稿、人工输入或存档。",
    },
    "Words": {"zh": "In Chinese. 中文。", "en": "In English. 英文。"},
    "Needs": {
        "words": "One of these on either side. 前后任一侧出现其一。",
        "before": "One of these in front. 前面出现其一。",
        "after": "One of these behind. 后面出现其一。",
        "handle": "A token that looks like an account name also counts. 像账号的一串字符也算。",
        "within": "How many characters away at most, in the same sentence. 同一句内最多隔多少字。",
    },
    "Terms": {
        **_EVERY_MATCHER,
        "views": "Under which disguises the words are also found. 在哪些变体下也要发现。",
        "terms": "Plain words, no signs with a meaning. 原样的词，不是表达式。",
    },
    "Pattern": {
        **_EVERY_MATCHER,
        "patterns": "RE2 without look-around; (?P<hit>…) narrows the span. RE2，不支持环视。",
    },
    "Contact": {
        **_EVERY_MATCHER,
        "detect": "Which contact details, in digits, words or disguise. 找哪些联系方式，变体也算。",
        "domains": "Domains that may be named. 允许出现的域名。",
    },
    "ClaimSource": {**_EVERY_MATCHER, "kinds": "Which claims need a fact. 哪些说法必须有事实依据。"},
    "Require": {
        **_EVERY_MATCHER,
        "expect": "The situation in which this must be there. 在什么要求下必须出现。",
        "any": "One of these words is enough. 出现其一即可。",
        "patterns": "Or one of these RE2 expressions. 或符合其中一个表达式。",
        "first": "Look at the first so many sentences. 只看开头几句。",
        "last": "Look at the last so many sentences. 只看结尾几句。",
    },
    "Length": {
        **_EVERY_MATCHER,
        "max_chars": "A number, or the name of a limit of the pack. 数字，或规则包里的限制名。",
    },
    "Personal": {**_EVERY_MATCHER, "detect": "Which personal data in clear. 找哪些明文个人信息。"},
    "AmountOver": _EVERY_MATCHER,
    "Language": _EVERY_MATCHER,
    "Wording": {**_EVERY_MATCHER, "model": "Which model of policies/learned. 用 policies/learned 里的哪个模型。"},
    "Judge": {
        **_EVERY_MATCHER,
        "question": "What a model is asked; never the only matcher. 问模型的问题，不能单独使用。",
    },
    "Cases": {
        "violates": "What must be found: at least five. 必须发现的，至少五条。",
        "allowed": "What must stay quiet: at least five, near misses. 不能误伤的，至少五条，要有擦边的。",
    },
    "Case": {
        "text": "The message. 消息原文。",
        "span": "Exactly what must be marked. 应当标出的原文。",
        "ungrounded": "Words in the text that are claims without a fact. 文中没有依据的说法。",
        "max_chars": "The limit in force. 生效的字数限制。",
        "authority": "The agent's ceiling: 80 CNY. 客服的权限上限。",
        "language": "The language expected of the text. 要求文本使用的语言。",
    },
    "PackFile": {
        "name": "platform.market, or a name of your own. 平台.市场，或自己的名字。",
        "effective": "In force from this day on. 生效日期。",
        "extends": "The pack this one changes: douyin.cn, or douyin.cn@2026-11. 在哪个规则包的基础上修改。",
        "families": "Which families are enforced; added to those of extends. 启用哪些类别。",
        "limits": "Numbers that rules name; profile.… takes the platform's. 规则引用的数字限制。",
        "domains": "The platform's own addresses, which may be named. 可以提到的平台自有域名。",
        "rules": "Changes to single rules, by id. 对单条规则的调整。",
    },
    "Override": {
        "enabled": "false switches the rule off. false 表示关闭。",
        "severity": "Another severity here. 在这里换一个级别。",
        "reason": "Why; needed to weaken a rule that blocks. 原因；放松拦截规则时必须写。",
    },
    "FoldFile": {
        "looks_like": "A glyph and the letter or character it looks like. 形近字符。",
        "emoji": "An emoji and the word it stands for. 表情所代表的词。",
        "aliases": "A word and its code names. 词和它的暗语。",
        "splits": "A character and its written-apart forms. 字和拆开的写法。",
        "digits": "A digit and the words for it. 数字和它的文字写法。",
        "lists": "Named groups of words for @name. 供 @名字 引用的词表。",
    },
    "PresetFile": {
        "presets": "Generic answers by id; the id of a shipped one replaces it. 通用预设回答，同编号则替换自带的。",
        "courtesy": "Words around an answer that add nothing. 回答前后的客套词，不算内容。",
        "emoticons": "Signs that count as little as an emoji. 和表情一样不算内容的符号。",
    },
    "PresetAnswer": {
        "texts": "Wordings in any language that say only this. 只说了这个意思的各种说法，语言不限。",
        "remedy": "What makes it the shop's own: a product, a time, a step. 怎样改成本店自己的：商品、时间、下一步。",
    },
    "CourtesyWords": {
        "before": "At the beginning of an answer; set apart by a sign, also at its end. 开头的；有标点隔开时结尾也算。",
        "after": "At the end of an answer; set apart by a sign, also at its beginning. 结尾的；有标点隔开时开头也算。",
    },
}
"""By shape and key: a description in both languages."""


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of files of ``kind`` (a key of ``MODELS``)."""
    model = MODELS[kind]
    made: dict[str, Any] = {"$schema": DIALECT, **model.model_json_schema()}
    _describe(made, KEYS[model.__name__])
    for name, definition in made.get("$defs", {}).items():
        _describe(definition, KEYS.get(name, {}))
    return made


def _describe(definition: dict[str, Any], words: dict[str, str]) -> None:
    for key, description in words.items():
        definition.get("properties", {}).get(key, {})["description"] = description
