"""Which configured text may answer a buyer without a person: pure rules over what is known at the moment."""

from copilot.knowledge.auto.choosing import Moment, chosen, holds_at

__all__ = ["Moment", "chosen", "holds_at"]
