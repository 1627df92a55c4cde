"""Words the question whether a case is solved, and judges it like any draft.

It names the goods and how the order shows that the matter ended, as far as that is known; it offers nothing and
promises nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from copilot.domain.case import Case
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftView, WrittenBy
from copilot.domain.errors import LanguageUnsupported
from copilot.domain.issue import IssueReading, Turn, Understanding
from copilot.domain.message import Role
from copilot.domain.plan import Act, Plan
from copilot.domain.verdict import Decision
from copilot.flow.deps import Deps
from copilot.flow.follow_up_facts import facts_for_question, order_of
from copilot.flow.judging import judge
from copilot.flow.keeping import StoredRows
from copilot.flow.shapes import Intake, Written
from copilot.flow.shops import Rules, Shops
from copilot.flow.talks import StoredConversations, Talk
from copilot.flow.understand.language import language_of
from copilot.flow.views import view
from copilot.model.composer import Limits, compose
from copilot.model.composer.compose import FOLLOW_UP
from copilot.store.engine import Store


@dataclass(frozen=True)
class Question:
    """What asks: the shop's rules and words."""

    store: Store
    shops: Shops
    clock: Clock

    def compose(
        self,
        talk: Talk,
        case: Case,
        rules: Rules,
        variant: int = 0,
        *,
        product: str | None = None,
        since: datetime | None = None,
    ) -> DraftView | None:
        """The question about ``case`` as a draft; None without words for it, or when policy blocks them.

        ``variant`` moves on to the next wording, for a draft that an agent did not like. ``product`` is the id of what
        the case is about, ``since`` when it was raised.
        """
        language, now = case.language or _spoken(talk), self.clock.now()
        order = order_of(case, talk.conversation.orders)
        facts = facts_for_question(case, order, product, since, rules, now)
        plan = Plan(act=Act.ASK, issue=case.issue, scene=FOLLOW_UP, order=case.order, playbook=FOLLOW_UP, facts=facts)
        understood = Understanding(
            turn=Turn.SMALL_TALK, language=language, issues=(IssueReading(issue=case.issue, confidence=1.0),)
        )
        conversation = talk.conversation
        try:
            text = compose(
                plan,
                language=language,
                case=case,
                seed=conversation.id,
                burst_text="",
                order=None,
                now=now,
                zone=rules.zone,
                voice=rules.voice,
                variant=variant,
                prompts=self.shops.prompts,
                limits=Limits(max_chars=rules.longest(language)),
                said=tuple(one.text for one in conversation.messages if one.role in (Role.AGENT, Role.BOT)),
            )
        except LanguageUnsupported:
            return None
        written = Written(text=text.text, claims=text.claims, written_by=WrittenBy.COMPOSER)
        checked = judge(text.text, text.claims, understood, plan, WrittenBy.COMPOSER, self._deps(talk, rules))
        if checked.verdict.decision is Decision.BLOCK:
            return None
        read = Intake(burst=(), text="", language=language)
        return view(understood, plan, read, written, checked)

    def _deps(self, talk: Talk, rules: Rules) -> Deps:
        return Deps(
            clock=self.clock,
            conversations=StoredConversations(talk.conversation),
            rows=StoredRows(self.store, self.clock),
            rules=rules,
            prompts=self.shops.prompts,
        )


def _spoken(talk: Talk) -> str:
    said = "\n".join(one.text for one in talk.conversation.messages if one.role is Role.BUYER)
    return language_of(said, previous=None)
