"""The rubric: what makes a draft good or bad as far as code can tell, the same for every writer."""

from copilot.model.rubric import habits
from copilot.model.rubric.rubric import POINTS, Draft, Flaw, Point, flaws

__all__ = ["POINTS", "Draft", "Flaw", "Point", "flaws", "habits"]
