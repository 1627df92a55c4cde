"""The bodies of the translations' tasks, and what defers them; without a model they do nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from copilot.channel.tasks import TRANSLATE_TALK, TRANSLATE_TYPED
from copilot.flow.translations import Translations
from copilot.jobs.worker import Task


@dataclass(frozen=True)
class TranslationJobs:
    """The tasks over ``translations``, which are None where no model is set."""

    translations: Translations | None

    async def after_conversation(self, merchant: str, conversation: str) -> None:
        """Something new was read or written there."""
        if self.translations is not None:
            await self.translations.later(uuid.UUID(merchant), uuid.UUID(conversation))

    async def after_draft(self, merchant: str, draft: str) -> None:
        """The same by a draft's id."""
        if self.translations is not None:
            await self.translations.later_of_draft(uuid.UUID(merchant), uuid.UUID(draft))

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""
        return {TRANSLATE_TALK: self._talk, TRANSLATE_TYPED: self._typed}

    async def _talk(self, *, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
        if self.translations is not None:
            await self.translations.talk(uuid.UUID(merchant), uuid.UUID(ref), attempt)

    async def _typed(self, *, merchant: str, ref: str, **_: object) -> None:
        if self.translations is not None:
            await self.translations.typed(uuid.UUID(merchant), uuid.UUID(ref))
