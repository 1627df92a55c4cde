"""The jobs of notes in a platform's own window: seeing to a draft's note, and carrying out what was pressed on one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from copilot.channel.tasks import NOTE_DRAFT, NOTE_PRESS
from copilot.desk.presenting.presenter import Presenter
from copilot.desk.presenting.presser import Presser
from copilot.jobs.worker import Task


@dataclass(frozen=True)
class PresentingJobs:
    """What they need."""

    presenter: Presenter
    presser: Presser

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""

        async def note_draft(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
            await self.presenter.see_to(uuid.UUID(merchant), uuid.UUID(ref), attempt)

        async def note_press(*, merchant: str, ref: str, attempt: int = 0, **_: object) -> None:
            await self.presser.carry_out(uuid.UUID(merchant), uuid.UUID(ref), attempt)

        return {NOTE_DRAFT: note_draft, NOTE_PRESS: note_press}
