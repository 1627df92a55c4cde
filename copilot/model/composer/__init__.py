"""The composer: a plan in words without a model, each value a claim with its source."""

from copilot.model.composer.compose import Composed, Limits, compose
from copilot.model.composer.voice import Voice, load_voice

__all__ = ["Composed", "Limits", "Voice", "compose", "load_voice"]
