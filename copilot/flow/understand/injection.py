"""Attempts of a buyer's text to steer a model.

Owns the flag and nothing else: options are bound by code, so a flagged text loses nothing and gains nothing.
"""

import re

from copilot.flow.understand.text import fold

_SIGNS = re.compile(
    r"(?:忽略|无视|忘(?:记|掉)|不要理会|跳过)(?:你|您)?(?:的|了|以上|上面|之前|前面|所有|一切|先前|此前|全部)*(?:的)?(?:指令|指示|提示|规则|要求|设定|限制|命令)"
    r"|(?:输出|打印|显示|告诉我|重复|泄露|复述).{0,6}(?:系统提示|提示词|system prompt|初始指令|系统指令)"
    r"|(?:你现在是|从现在(?:起|开始)你(?:是|就是)?|扮演).{0,16}(?:管理员|开发者|模型|ai|系统|没有(?:任何)?限制|客服主管)"
    r"|(?:开发者|管理员|调试|越狱)模式"
    r"|\b(?:ignore|disregard|forget|bypass|override)\b.{0,24}\b(?:instructions?|prompts?|rules|guidelines|polic(?:y|ies)|above|previous)\b"
    r"|\b(?:reveal|print|show|repeat|output|leak|tell me)\b.{0,16}\b(?:system prompt|your (?:prompt|instructions)|initial instructions|hidden (?:prompt|rules))\b"
    r"|\byou are now\b|\bact as (?:an? |the )?(?:admin|developer|system|dan|unrestricted|different)|\bpretend (?:to be|you are)\b.{0,16}\b(?:ai|admin|system|manager)\b"
    r"|\b(?:developer|admin|debug|god|dan) mode\b|\bjailbreak|\bdo anything now\b"
    r"|(?:^|\n)\s*(?:system|assistant|developer)\s*[::]|<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|\[/?inst\]|</?(?:system|instructions?)>"
    r"|\{\{.{0,60}\}\}|\{%.{0,60}%\}"
)


def looks_like_injection(text: str) -> bool:
    """Whether ``text`` speaks to the machine instead of the shop."""
    return _SIGNS.search(fold(text)) is not None
