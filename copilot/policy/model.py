"""The shapes of rule and pack files, exactly as people write them.

Reading happens in ``load``; nothing here knows how a rule is matched.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from copilot.domain.base import StrictShape
from copilot.domain.fact import FactKind
from copilot.domain.verdict import Severity
from copilot.policy.context import Expect, Origin, Speaker


class View(StrEnum):
    """A folding under which a term is looked for; the aggressive ones are asked for term by term."""

    BASE = "base"
    COMPACT = "compact"
    HOMOPHONE = "homophone"
    ALIAS = "alias"
    SPLIT = "split"
    PINYIN = "pinyin"
    LEET = "leet"
    REVERSED = "reversed"


class Detect(StrEnum):
    """Contact details that the ``contact`` matcher knows."""

    PHONE = "phone"
    QQ = "qq"
    HANDLE = "handle"
    URL = "url"
    EMAIL = "email"


class Situation(StrEnum):
    """What must be known to be so before a rule may speak; unknown: the rule is listed as not judged."""

    UNRESOLVED = "unresolved"
    TRANSLATED = "translated"
    BARE = "bare"
    """Nobody holds the text to a claim ledger; where one does, vouching and authority decide instead."""


class PersonalType(StrEnum):
    """Types of personal data, as ``mask`` names them."""

    PHONE = "phone"
    LANDLINE = "landline"
    ID_CARD = "id_card"
    PASSPORT = "passport"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    WECHAT = "wechat"
    QQ = "qq"
    HANDLE = "handle"


class Words(StrictShape):
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def of(self, language: str | None) -> str:
        """The sentence for ``language``; Chinese for zh, English for everything else."""
        return self.zh if (language or "zh").startswith("zh") else self.en


class Needs(StrictShape):
    """The second signal of a weak trigger: one of ``words``, or a token that looks like an account name.

    ``within`` counts folded characters on each side of the trigger, in the same sentence. A list name begins with @.
    """

    words: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    handle: bool = False
    within: int = Field(default=12, ge=1, le=60)


class _Matcher(StrictShape):
    needs: Needs | None = None
    firm: bool = False
    """A firm matcher is not excused by the rule's ``unless_before`` and ``unless_after``."""


class Terms(_Matcher):
    """Literals, looked for in the folded text."""

    kind: Literal["terms"]
    views: tuple[View, ...] = (View.BASE,)
    terms: tuple[str, ...] = Field(min_length=1)


class Pattern(_Matcher):
    """RE2 expressions over the base view; a group named ``hit`` narrows the span."""

    kind: Literal["pattern"]
    patterns: tuple[str, ...] = Field(min_length=1)


class Contact(_Matcher):
    """Contact details in digits, words or disguise."""

    kind: Literal["contact"]
    detect: tuple[Detect, ...] = Field(min_length=1)
    domains: tuple[str, ...] = ()
    """Domains (with their subdomains) that may be named, besides the pack's ``domains``."""


class ClaimSource(_Matcher):
    """Claims of the text that no fact supports."""

    kind: Literal["claim"]
    kinds: tuple[FactKind, ...] = tuple(FactKind)


class Require(_Matcher):
    """Something the text must contain when the situation asks for it.

    ``first`` limits the search to the opening of the text (as many sentences as given), ``last`` to its closing.
    """

    kind: Literal["require"]
    expect: Expect
    any: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    first: int | None = Field(default=None, ge=1)
    last: int | None = Field(default=None, ge=1)


class Length(_Matcher):
    """More code points than a limit allows; ``max_chars`` is a limit's name in the pack or a number."""

    kind: Literal["length"]
    max_chars: str | int = "max_chars"


class Personal(_Matcher):
    """Personal data in clear: ``detect`` names the types of ``privacy.find`` (phone, id_card, bank_card, …)."""

    kind: Literal["personal"]
    detect: tuple[PersonalType, ...] = Field(min_length=1)


class AmountOver(_Matcher):
    """An amount above the agent's ceiling, near one of ``needs.words`` (words that grant something)."""

    kind: Literal["amount_over"]


class Language(_Matcher):
    """A text in another language than the one that is expected of it."""

    kind: Literal["language"]


class Wording(_Matcher):
    """Wordings that a linear model has learnt to tell: ``model`` names a family of policies/learned."""

    kind: Literal["learned"]
    model: str


class Judge(_Matcher):
    """A question to a model, asked by the caller (``CheckContext.judgements``); never a rule's only matcher."""

    kind: Literal["judge"]
    question: Words


Matcher = Annotated[
    Terms | Pattern | Contact | ClaimSource | Require | Length | Personal | AmountOver | Language | Wording | Judge,
    Field(discriminator="kind"),
]


class Scope(StrictShape):
    """Whose words a rule judges, and how they may have come about.

    A rule about commitments leaves ``draft`` out: a draft's amounts come from options that were decided, and the claim
    ledger holds it to them.
    """

    speaker: tuple[Speaker, ...] = (Speaker.AGENT,)
    origin: tuple[Origin, ...] = Field(default=tuple(Origin), min_length=1)


class Case(StrictShape):
    """An example of a rule, with what the check is told besides the text.

    ``ungrounded`` are the words of claims without a source, ``max_chars`` a limit, ``authority`` the agent's ceiling as
    "80 CNY", ``language`` the language expected of the text. What ``only_if`` asks for is given to every case.
    """

    text: str
    span: str | None = None
    ungrounded: tuple[str, ...] = ()
    max_chars: int | None = None
    authority: str | None = Field(default=None, pattern=r"^\d+(\.\d{1,2})? [A-Z]{3}$")
    language: str | None = None


class Cases(StrictShape):
    """What must fire and what must stay quiet."""

    violates: tuple[str | Case, ...] = ()
    allowed: tuple[str | Case, ...] = ()


class Rule(StrictShape):
    """One rule file. ``id`` is permanent and begins with the family."""

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    family: str
    severity: Severity
    scope: Scope = Scope()
    only_if: Situation | None = None
    languages: tuple[str, ...] = ("zh", "en")
    reason: Words
    source: str
    suggestion: Words
    matchers: tuple[Matcher, ...] = Field(min_length=1)
    allow: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()
    unless_grounded: bool = False
    """Whether a match is excused when the check is told that all it states has a source (amounts of an offer)."""
    cases: Cases = Cases()

    @model_validator(mode="after")
    def _id_in_family(self) -> Self:
        if self.id.split(".")[0] != self.family:
            raise ValueError("id must begin with the family and a dot")
        return self

    @model_validator(mode="after")
    def _judge_never_alone(self) -> Self:
        if all(isinstance(matcher, Judge) for matcher in self.matchers):
            raise ValueError("a judge is never the only matcher of a rule")
        return self


class Override(StrictShape):
    """What a pack changes about one rule; lowering a ``block`` or switching it off needs a reason."""

    enabled: bool = True
    severity: Severity | None = None
    reason: str | None = None


class PackFile(StrictShape):
    """One pack file: platform × market × date.

    With ``extends`` ("douyin.cn", or "douyin.cn@2026-11" for one edition) it is that pack with changes: families and
    domains are added, limits and rules replace those of the same name.
    """

    name: str
    effective: date
    extends: str | None = None
    families: tuple[str, ...] = ()
    limits: dict[str, str | int] = {}
    domains: tuple[str, ...] = ()
    rules: dict[str, Override] = {}

    @property
    def edition(self) -> str:
        """Name and date, and those of the pack it extends: what a compiled pack is kept under."""
        return f"{self.name}@{self.effective.isoformat()}" + (f"<{self.extends}" if self.extends else "")

    @property
    def platform(self) -> str:
        """The name of the pack at the bottom, which names platform and market: "douyin.cn"."""
        return (self.extends or self.name).rpartition("<")[2].partition("@")[0]

    @property
    def market(self) -> str | None:
        """The market of the pack, or of the pack at the bottom: "cn"."""
        return self.name.partition(".")[2] or self.platform.partition(".")[2] or None

    @model_validator(mode="after")
    def _has_families(self) -> Self:
        if not self.families and self.extends is None:
            raise ValueError("a pack names families, or the pack that it extends")
        return self


class FoldFile(StrictShape):
    """A folding table written by us; every key is optional, the files of a folder are merged.

    ``looks_like`` maps a glyph to a Latin letter or a character, ``emoji`` to the word it stands for (homophone view),
    ``aliases`` a word to its code names, ``splits`` a character to its written-apart forms, ``digits`` a digit to the
    words for it, ``lists`` names groups of words for the context fields of rules.
    """

    looks_like: dict[str, str] = {}
    emoji: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    splits: dict[str, tuple[str, ...]] = {}
    digits: dict[str, tuple[str, ...]] = {}
    lists: dict[str, tuple[str, ...]] = {}
