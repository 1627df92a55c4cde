"""What a text says of deeds: promises, done actions and states, each with a short code.

Only forms that commit somebody: an offer in an option ("A refund ¥10") is no promise, a wish, a question, a denial or
a condition no action. Owns the order in which the readers of each are asked, none of the reading.
"""

from collections.abc import Iterator

from copilot.policy.claims.codes import word_code
from copilot.policy.claims.done import done
from copilot.policy.claims.found import Found
from copilot.policy.claims.promised_en import promised_en
from copilot.policy.claims.promised_zh import promised_zh
from copilot.policy.claims.states import state_code, states


def acts(text: str) -> Iterator[Found]:
    """Promises, actions and states; values are codes ("refund", "in_stock")."""
    known = list(states(text))
    promised = [*promised_zh(text), *promised_en(text)]
    actions = list(done(text, known, promised))
    yield from known
    yield from actions
    yield from (one for one in promised if not any(one.start < act.end and act.start < one.end for act in actions))


def code_of(words: str) -> str:
    """The code that stands for a fact's words ("Refund issued" → "refund"); the words themselves when none does."""
    plain = words.strip().lower()
    verb = word_code(plain)
    if verb is not None and any(character > "\u2e00" for character in plain):
        return verb
    return state_code(plain) or verb or plain
