"""The work behind ``mask``: reads lines, masks them, prints them. Nothing of a text goes anywhere else."""

from pathlib import Path

from copilot.cli.io import BadLine, write_json
from copilot.cli.rejects import Rejects
from copilot.cli.texts import read_texts
from copilot.domain.base import Shape
from copilot.policy.privacy import load_own, mask


class MaskInput(Shape):
    """One line for ``mask``."""

    text: str
    market: str | None = None


def mask_lines(source: str, market: str | None, recognizers: Path | None = None) -> int:
    """Print each line of ``source`` masked, with the user's own ``recognizers`` if any; returns the exit code."""
    own = load_own(recognizers) if recognizers is not None else None
    with Rejects() as rejects:
        for line in read_texts(source, MaskInput):
            if isinstance(line, BadLine):
                rejects.add(line)
                continue
            masked = mask(line.text, market=line.market or market, own=own)
            entities = [{"type": found.type, "start": found.start, "end": found.end} for found in masked.entities]
            write_json({"masked": masked.text, "entities": entities})
            rejects.accept()
    return rejects.exit_code
