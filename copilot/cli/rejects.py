"""What becomes of lines that cannot be used: told on standard error, counted, and listed in a file when asked."""

import json
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from copilot.cli.errors import BAD, OK, complain
from copilot.cli.io import BadLine

TOLD = 100
"""How many bad lines are told one by one; the rest only count."""


class Rejects:
    """Collects bad lines of a run; use as a context manager, it sums up at the end.

    ``path`` gets one JSON object per bad line (``file``, ``line``, ``why``); it is created with the first one, so a
    clean run leaves none behind.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Nothing rejected yet."""
        self._path = path
        self._file: TextIO | None = None
        self.count = 0
        self.good = 0

    def accept(self) -> None:
        """Count a line that could be used."""
        self.good += 1

    def add(self, bad: BadLine) -> None:
        """Tell, count and list ``bad``."""
        self.count += 1
        if self.count <= TOLD:
            complain(str(bad))
        if self._path is not None:
            self._file = self._file or self._path.open("w", encoding="utf-8")
            row = {"file": bad.source, "line": bad.number, "why": bad.why}
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")

    @property
    def exit_code(self) -> int:
        """2 when lines were given and none could be used, 0 otherwise."""
        return BAD if self.count and not self.good else OK

    def __enter__(self) -> Self:
        """Start of the run."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End of the run: close the file, say how many lines were left out."""
        if self._file is not None:
            self._file.close()
        if self.count and kind is None:
            place = f"; listed in {self._path}" if self._path is not None else ""
            complain(f"{self.count} of {self.count + self.good} lines were rejected{place}")
