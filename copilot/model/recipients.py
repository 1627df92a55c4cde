"""Who gets the texts when a model is asked, and where: the table of docs/models.md as data, for pages that must say it.

It tells what is commonly known of providers and of addresses that somebody set; it decides nothing and asks nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Provider:
    """Who stands behind the first part of a model's name; ``addresses`` are the variables that send it elsewhere."""

    key: str
    who: Mapping[Language, str]
    where: Mapping[Language, str]
    addresses: tuple[str, ...]


PROVIDERS: Final[Mapping[str, Provider]] = {
    "openai": Provider(
        "OPENAI_API_KEY",
        {"en": "OpenAI", "zh": "OpenAI"},
        {"en": "United States", "zh": "美国"},
        ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    ),
    "anthropic": Provider(
        "ANTHROPIC_API_KEY",
        {"en": "Anthropic", "zh": "Anthropic"},
        {"en": "United States", "zh": "美国"},
        ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
    ),
    "deepseek": Provider(
        "DEEPSEEK_API_KEY",
        {"en": "DeepSeek", "zh": "深度求索"},
        {"en": "China", "zh": "中国"},
        ("DEEPSEEK_API_BASE",),
    ),
    "dashscope": Provider(
        "DASHSCOPE_API_KEY",
        {"en": "Alibaba Cloud", "zh": "阿里云"},
        {"en": "China (Beijing)", "zh": "中国（北京）"},
        ("DASHSCOPE_API_BASE",),
    ),
}

_OWN: Final[Mapping[Language, str]] = {"en": "your own server", "zh": "您自己的服务器"}
_UNKNOWN: Final[Mapping[Language, str]] = {"en": "the provider of that name", "zh": "该名称对应的服务商"}
_ASK: Final[Mapping[Language, str]] = {
    "en": "not known to us; see your contract",
    "zh": "我们不了解，请看您的合同",
}


@dataclass(frozen=True)
class Recipient:
    """Who gets what a model is asked; ``host`` and ``variable`` when somebody set another address than the usual."""

    who: str
    where: str
    host: str | None = None
    variable: str | None = None


def recipient_of(model: str, base_url: str | None, environ: Mapping[str, str], language: Language) -> Recipient:
    """Who gets the questions to ``model``; ``base_url`` is COPILOT_MODEL_BASE_URL where it is for this one."""
    provider = PROVIDERS.get(model.partition("/")[0]) if "/" in model else None
    if base_url is not None:
        host = _host(base_url)
        return Recipient(_OWN[language], host, host, "COPILOT_MODEL_BASE_URL")
    if provider is None:
        return Recipient(_UNKNOWN[language], _ASK[language])
    # An address in the environment is the client's own setting: it decides whoever was meant.
    set_by = next((name for name in provider.addresses if environ.get(name)), None)
    if set_by is not None:
        host = _host(environ[set_by])
        return Recipient(provider.who[language], host, host, set_by)
    return Recipient(provider.who[language], provider.where[language])


def _host(address: str) -> str:
    """Host and port only: an address may carry a password."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = parts.hostname or "?"
    return f"{host}:{port}" if port else host
