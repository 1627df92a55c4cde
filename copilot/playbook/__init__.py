"""Playbooks: an issue, its facts, the shop's terms and the agent's authority become a plan.

Owns what may be said and offered; words nothing and executes nothing.
"""

from copilot.playbook.authority import Authority, Given
from copilot.playbook.decide import decide
from copilot.playbook.lint import lint
from copilot.playbook.loader import Playbook, Playbooks, load_playbooks
from copilot.playbook.situation import Days, Situation
from copilot.playbook.terms import Terms, load_terms

__all__ = [
    "Authority",
    "Days",
    "Given",
    "Playbook",
    "Playbooks",
    "Situation",
    "Terms",
    "decide",
    "lint",
    "load_playbooks",
    "load_terms",
]
