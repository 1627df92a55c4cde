"""What templates may call: the plan's scene, options and further issues, and the wordings of its facts.

Owns the bridge between a plan and its template; refuses to word an option or an issue that the plan does not hold.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from copilot.domain.case import Option
from copilot.domain.errors import PromptError, SceneUnknown
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.plan import Act, Plan, Told
from copilot.model.composer.buyer_words import BuyerWords
from copilot.model.composer.names import ISSUES, UNTOLD, full_width
from copilot.model.composer.sentences import NotSayable, Teller, count
from copilot.model.composer.spans import bare, clean
from copilot.model.composer.voice import Voice

_PAYERS = ("prepaid", "shop", "buyer")
_STORED, _NOTICE = "faq.", "notice."
_OWNS_UP = frozenset({"given_word", "overdue"})
_AGREED = "about_chosen"
_ENDS = tuple("。！？!?.…”’)）")


def _ended(text: str, *, zh: bool) -> str:
    """``text`` as a sentence: people leave the full stop out."""
    return text if bare(text).endswith(_ENDS) else text + ("。" if zh else ".")


def _capital(text: str) -> str:
    """``text`` with its first letter in upper case, whatever marks stand before it."""
    at = next((at for at, sign in enumerate(text) if sign.isascii()), 0)
    return text[:at] + text[at].upper() + text[at + 1 :]


@dataclass
class Vocabulary(BuyerWords):
    """What a template may call while one draft is rendered."""

    plan: Plan
    teller: Teller
    voice: Voice
    overdue: bool = False
    named_time: bool = False
    dropped: Option | None = None
    tags: tuple[str, ...] = ()
    _option: Option | None = None
    _self: Any = field(default=None)
    _also: bool = False
    _owned_up: bool = False
    _stored: bool = False
    _labels: set[str] = field(default_factory=set[str])

    def variables(self) -> dict[str, object]:
        """The names that templates see."""
        functions: tuple[Callable[..., object], ...] = (
            *self.fact_functions(), *self.goods_functions(), *self.buyer_functions(),
            self.scene, self.opt, self.choices, self.letters, self.only, self.confirmed,
            self.open_issues, self.later_issues, self.candidates, self.each_ships, self.each_parcel, self.come_today,
            self.comes_today, self.emoji,
            self.asks, self.part, self.also,
            self.offer, self.promised, self.offers, self.label_again, self.payer, self.beside,
            self.drops, self.stored, self.told_more, self.one_liner, self.notice, self.told, self.untold,
            self.names_time, self.standing, self.lettered, self.of_option, self.tells_when,
        )  # fmt: skip
        names: dict[str, object] = {function.__name__: function for function in functions}
        names |= {"say_open": self.teller.open, "say_close": self.teller.close, "one": self.teller.one}
        # Jinja hands the wording as the keyword ``caller``.
        names["say_add"] = self.teller.add
        names["options"] = self.plan.options
        names["brand"] = self.voice.brand.get(self.wording.language, "")
        names["act"] = self.plan.act.value
        # A time to come back is said once, whatever else is found out by then.
        names["held"] = self.plan.act is Act.HOLD or bool({"question.open", "beside.open"} & set(self.plan.points))
        names["tags"] = self.tags
        names["issue"] = self.plan.issue.value if self.plan.issue else ""
        names["chosen"] = self.plan.chosen
        names["dropped_id"] = self._dropped_name()
        names["open_topics"] = self.plan.untold
        names["may_choose"] = len(self.plan.told) > 1 or "more" in self.plan.untold
        names["agreed"] = self.plan.scene == _AGREED
        names["empathy"] = self.plan.empathy
        return names

    def _dropped_name(self) -> str:
        """The letter of what is given up; of an offer in words alone "what we said before"."""
        if self.dropped is None or self.dropped.lettered:
            return self.dropped.id if self.dropped else ""
        return "" if self._zh else "what we said before"

    def scene(self, template: Any) -> str:
        """The block of this plan's act and scene; ``SceneUnknown`` when no template has it."""
        self._self = template
        for name in (f"{self.plan.act.value}_{self.plan.scene}", self.plan.act.value):
            block = self._block(name)
            if block is not None:
                text = block()
                return self._late_answer() + text + self._beside() + self.also()
        issue = self.plan.issue.value if self.plan.issue else "no issue"
        raise SceneUnknown(
            f"no template words {self.plan.act.value}/{self.plan.scene or '-'} of {issue} in {self.wording.language}",
            remedy=f"add the block {self.plan.act.value}_{self.plan.scene} to the issue's template",
        )

    def part(self, name: str) -> str:
        """The text of another block: the issue's ``empathy``, its ``matter``."""
        if name == "matter" and self.has("turn.asked_after") and not self.overdue:
            name = "asked_matter"
        if name == "matter" and self.overdue and self.plan.act is Act.HOLD:
            # Who waits for what we promised asks about that, whatever the matter was.
            name = "promised_matter"
        block = self._block(name)
        if block is None:
            raise SceneUnknown(f"no template has the block {name} in {self.wording.language}")
        said = block().strip()
        if name == "empathy" and said and self.plan.empathy and self._is_late():
            # Feeling comes first, then that what was promised is late.
            self._owned_up = True
            said += self._own_up()
        return said

    def also(self) -> str:
        """By when the buyer needs it, where they mean to turn to, the further issues as open; once.

        An offer calls it before its question.
        """
        if self._also:
            return ""
        self._also = True
        need = self.part("need") if self.has("need.day") else ""
        need += self.part("dispute") if self.has("turn.dispute") else ""
        need += self.part("wish_taken") if self.has("turn.wish_taken") else ""
        need += self.part("told_beside") if self.has("beside.told") else ""
        need += self.part("stock_beside") if self.has("beside.stock") else ""
        need += self.part("ships_beside") if self.has("beside.ships") else ""
        need += self.part("open_beside") if self.has("beside.open") else ""
        need += self.part("later_beside") if self.has("beside.later") else ""
        need += self._stored_answers()
        return need + (self.part("secondary") if any(issue in ISSUES for issue in self.plan.secondary) else "")

    def stored(self) -> str:
        """The shop's own answers that the plan states, as they stand."""
        told = [_ended(self.known.said(key, self.known.text(key)), zh=self._zh) for key in self._points(_STORED)]
        if not told:
            raise NotSayable("no stored answer")
        return ("" if self._zh else " ").join(told)

    def told_more(self) -> bool:
        """Whether stored answers follow: then nobody is asked in between what else they want to know."""
        return self.plan.scene != "faq" and bool(self._points(_STORED))

    def one_liner(self) -> bool:
        """Whether the stored answers are a single sentence, which stands a little bare."""
        return count(" ".join(self.known.text(key) for key in self._points(_STORED))) < 2

    def notice(self) -> str:
        """What a notice lets the shop tell, in its own words."""
        key = next(iter(self._points(_NOTICE)), None)
        if key is None:
            raise NotSayable("no notice")
        return _ended(self.known.said(key, self._same_script(self.known.text(key))), zh=self._zh)

    @property
    def _zh(self) -> bool:
        return self.wording.language == "zh"

    def _points(self, prefix: str) -> list[str]:
        return [key for key in self.plan.points if key.startswith(prefix)]

    def _beside(self) -> str:
        """Stored answers and notices behind what the scene says; the scene of a stored answer says it itself."""
        stored = self._stored_answers()
        if self.plan.untold and self.plan.act is Act.CONFIRM:
            stored += self.part("untold_beside")
        return stored + (self.part("notice_beside") if self._points(_NOTICE) else "")

    def _stored_answers(self) -> str:
        """The shop's own answers beside what the scene says; once."""
        if self._stored or self.plan.scene == "faq" or not self._points(_STORED):
            return ""
        self._stored = True
        return self.part("stored_beside")

    def offer(self) -> str:
        """The options: a choice with letters, or the one there is."""
        return self.part("offer_choices" if len(self.plan.options) > 1 else "offer_only")

    def asks(self, slot: str) -> bool:
        """Whether the plan asks for ``slot``."""
        return slot in self.plan.asks

    def open_issues(self) -> str:
        """The further issues of the turn as one phrase: the other order by its thing, the rest by their matter."""
        issues = [issue for issue in self.plan.secondary if issue in ISSUES]
        if not issues:
            raise NotSayable("no further issue")
        other = [self.part("other_order")] if self.beside() else []
        if other:
            # The thing belongs to one of them; a parcel's matter is the one that needs no word of its own.
            issues.remove(next((issue for issue in issues if CATEGORY_OF[issue] is Category.LOGISTICS), issues[0]))
        named = [*other, *(ISSUES[issue][self.wording.language] for issue in issues)]
        return self.wording.join(list(dict.fromkeys(named)))

    def later_issues(self) -> str:
        """The further questions of the turn that are found out with the rest, as one phrase."""
        issues = [Issue(name) for name in self.known.text("beside.later").split()]
        return self.wording.join([ISSUES[issue][self.wording.language] for issue in issues])

    def beside(self) -> bool:
        """Whether the thing of the further issue has a name that can be said."""
        return self.has("secondary.item") and self.can_say(lambda: self._product("secondary.item"))

    def drops(self, *keys: str) -> bool:
        """Whether this confirmation replaces an option that was agreed before; with keys: one of those."""
        return self.dropped is not None and (not keys or self.dropped.key in keys)

    def opt(self, path: str) -> str:
        """The id of a fact of the option that is being worded: ``by(opt("by"))``."""
        if self._option is None:
            raise NotSayable("no option is being worded")
        return f"option.{self._option.key}.{path}"

    def choices(self) -> str:
        """All options with their letters: A …；B … · A) …, or B) …."""
        parts = [(option.id, self._word(option, "option")) for option in self.plan.options]
        if len(parts) < 2:
            raise NotSayable("there is nothing to choose")
        if self.wording.language == "zh":
            return "；".join(f"{letter} {text}" for letter, text in parts)
        worded = [f"{letter}) {text}" for letter, text in parts]
        return ", ".join(worded[:-1]) + f", or {worded[-1]}"

    def payer(self) -> str:
        """Who pays the way back of the option being worded: ``prepaid`` or ``shop`` (us), ``buyer``; empty: unknown.

        Raises:
            PromptError: another word, which would put the cost on somebody by guesswork.
        """
        fact = self.known.find(self.opt("label"))
        if fact is None or fact.value is None:
            return ""
        if fact.value not in _PAYERS:
            raise PromptError(f"{fact.id} is none of {', '.join(_PAYERS)}")
        return str(fact.value)

    def label_again(self) -> bool:
        """Whether the option being worded sends goods back on the same terms as one worded before it."""
        fact = self.known.find(self.opt("label"))
        label = str(fact.value) if fact else ""
        again = label in self._labels
        self._labels.add(label)
        return again

    def offers(self, key: str) -> bool:
        """Whether an option of that key is offered."""
        return any(option.key == key for option in self.plan.options)

    def promised(self, what: str) -> bool:
        """Whether the plan makes this promise."""
        return any(promise.what == what for promise in self.plan.promises)

    def letters(self) -> str:
        """A还是B · A or B."""
        ids = [option.id for option in self.plan.options]
        return self.wording.join(ids, "还是" if self.wording.language == "zh" else "or")

    def only(self) -> str:
        """The one option there is, worded without a letter."""
        if len(self.plan.options) != 1:
            raise NotSayable("there is not exactly one option")
        return self._word(self.plan.options[0], "option")

    def confirmed(self) -> str:
        """The next step of the option that the buyer chose."""
        if self.plan.chosen is None:
            raise NotSayable("nothing was chosen")
        return self._word(self.plan.chosen, "confirm")

    def told(self) -> str:
        """What was asked about the options that stand, each with its letter where the buyer has seen letters."""
        said = [(one, text) for one in self.plan.told if (text := self._told(one))]
        if not said:
            raise NotSayable("nothing is told of the options")
        if len(said) > 1 and len({bare(text) for _, text in said}) == 1:
            # The same of all of them is said once.
            each = ("两种都一样，" if len(said) == 2 else "几种都一样，") if self._zh else "Either way, "
            return each + said[0][1]
        worded = [self._lead(one) + text for one, text in said]
        return "；".join(worded) if self._zh else _capital("; ".join(worded))

    def _lead(self, one: Told) -> str:
        letter = one.option.id
        if not letter:
            return ""
        if "difference" in one.topics:
            return f"{letter}是" if self._zh else f"{letter} is "
        return f"选{letter}的话，" if self._zh else f"with {letter}, "

    def _told(self, one: Told) -> str:
        before, self._option = self._option, one.option
        try:
            if "difference" in one.topics:
                return self.part(f"option_{one.option.key}")
            told = [text for topic in one.topics if (text := self.part(f"about_{topic}"))]
        finally:
            self._option = before
        return ("，" if self._zh else ", and ").join(dict.fromkeys(told))

    def tells_when(self) -> bool:
        """Whether the reply tells of a time at which something of the option happens."""
        return any({"when", "arrive", "then"} & set(one.topics) for one in self.plan.told)

    def of_option(self) -> str:
        """The id of a fact that the option being worded rests on."""
        for path in ("keep", "amount", "by", "label", "*"):
            if self.has(self.opt(path)):
                return self.known.get(self.opt(path)).id
        raise NotSayable("no fact tells of the option")

    def untold(self) -> str:
        """What was asked about the options and is being checked: 到账时间 · when the money shows."""
        named: list[str] = []
        for entry in self.plan.untold:
            code, _, letter = entry.partition(":")
            said = UNTOLD.get(code, UNTOLD["other"])[self.wording.language]
            named.append(said if not letter else f"选{letter}的话{said}" if self._zh else f"{said} with {letter}")
        if not named:
            raise NotSayable("everything that was asked is told")
        return self.wording.join(list(dict.fromkeys(named)))

    def standing(self) -> str:
        """The letters of the options that the reply tells of: A还是B · A or B; not sayable where there is no choice."""
        ids = [one.option.id for one in self.plan.told if one.option.id]
        if len(ids) < 2:
            raise NotSayable("there are no letters")
        return self.wording.join(ids, "还是" if self._zh else "or")

    def lettered(self) -> bool:
        """Whether the buyer has a choice between the options that the reply tells of."""
        return len([one for one in self.plan.told if one.option.id]) > 1

    def emoji(self, sign: str) -> str:
        """A sign where the shop's voice allows one."""
        if self.voice.emoji == "none":
            return ""
        return sign if self.wording.language == "zh" else f" {sign}"

    def _word(self, option: Option, form: str) -> str:
        block = self._block(f"{form}_{option.key}")
        has_facts = bool(self.known.ids(f"option.{option.key}.*"))
        if block is None or not has_facts:
            # What a person offered in words of their own: no template and no fact knows it.
            said = clean(option.text or option.title)
            return self.known.option(option.id, full_width(said) if self.wording.language == "zh" else said)
        before, self._option = self._option, option
        try:
            text = block().strip()
        finally:
            self._option = before
        return self.known.option(option.id, text)

    def _late_answer(self) -> str:
        return self._own_up() if self._is_late() and not self._owned_up else ""

    def _own_up(self) -> str:
        """What was said and did not come true, by its day, where that is known; else that an answer is late."""
        return self.part("broken_word" if self.has("word.broken") else "late_answer")

    def names_time(self) -> bool:
        """Whether an hour was named for what is late; where none was, none has passed that the buyer knows of."""
        return self.named_time

    def _is_late(self) -> bool:
        """Whether to own up that what was promised is late; scenes that are about just that do it themselves."""
        return (
            (self.overdue or self.has("word.broken"))
            and self.plan.scene not in _OWNS_UP
            and self.plan.act in (Act.ANSWER, Act.OFFER, Act.HOLD, Act.DECLINE)
        )

    def _block(self, name: str) -> Callable[[], str] | None:
        try:
            return self._self[name]
        except KeyError:
            return None
