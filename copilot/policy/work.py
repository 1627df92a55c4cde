"""One text under check, with everything that is looked for in it at most once, however many rules ask."""

from collections.abc import Iterable, Mapping, Sequence

from copilot.policy.contact import ContactFinder, Hit, NumbersOnce
from copilot.policy.context import CheckContext
from copilot.policy.fold import Folded
from copilot.policy.learned import Learned
from copilot.policy.model import Detect
from copilot.policy.privacy.find import Find, find
from copilot.policy.scan import Scanner, Span

Personal = list[tuple[str, int, int]]


class Work:
    """A folded text and its context; looks happen when the first rule asks."""

    __slots__ = (
        "_contacts",
        "_domains",
        "_find_personal",
        "_learned",
        "_look",
        "_market",
        "_numbers",
        "_personal",
        "_tight",
        "_wordings",
        "context",
        "folded",
        "limits",
    )  # fmt: skip

    def __init__(
        self,
        folded: Folded,
        context: CheckContext,
        limits: Mapping[str, int],
        *,
        scanner: Scanner,
        contacts: ContactFinder,
        domains: Sequence[str],
        market: str | None,
        learned: Learned | None,
        wordings: Mapping[str, list[tuple[int, int]]] | None = None,
        find_personal: Find = find,
    ) -> None:
        """``limits`` are those in force for this context; ``domains`` may be named; ``market`` picks phone formats.

        ``wordings`` are what ``learned`` finds, when somebody knows already. ``find_personal`` finds personal data.
        """
        self.folded = folded
        self.context = context
        self.limits = limits
        self._contacts = contacts
        self._domains = domains
        self._market = market
        self._learned = learned
        self._wordings = wordings
        self._numbers = NumbersOnce(contacts, folded)
        self._look = scanner.look(folded)
        self._find_personal = find_personal
        self._personal: Personal | None = None
        self._tight: bool | None = None

    def candidates(self, rule: int, matcher: int) -> list[Span]:
        """Where literals of a matcher stand in the base view."""
        return self._look.candidates(rule, matcher)

    def contacts(self, kinds: Iterable[Detect], domains: Sequence[str]) -> list[Hit]:
        """Contact details of ``kinds``; ``domains`` may be named besides the pack's."""
        return self._contacts.find(self.folded, kinds, (*self._domains, *domains), self._numbers)

    def personal(self) -> Personal:
        """Personal data in the base view: (type, start, end)."""
        if self._personal is None:
            self._personal = self._find_personal(self.folded.base, self._market)
        return self._personal

    def wordings(self) -> Mapping[str, list[tuple[int, int]]]:
        """By the name of a model the sentences of the base view that it finds."""
        if self._wordings is None:
            self._wordings = {} if self._learned is None else self._learned.spans(self.folded.base)
        return self._wordings

    @property
    def tight(self) -> bool:
        """Whether the tight view differs from the base view and has to be looked at as well."""
        if self._tight is None:
            folded = self.folded
            self._tight = not folded.original.isascii() and len(folded.tight) != len(folded.base)
        return self._tight
