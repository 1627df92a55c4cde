"""The library that runs CEL, without the command line that it brings."""

import sys
from types import ModuleType
from typing import Final

_COMMAND_LINE: Final = "cel.cli"


def _imported() -> ModuleType:
    # It is imported with the package and builds on two terminal libraries: 0.3 s of every command and worker.
    stands_in = _COMMAND_LINE not in sys.modules
    if stands_in:
        sys.modules[_COMMAND_LINE] = ModuleType(_COMMAND_LINE)
    try:
        import cel
    finally:
        if stands_in:
            del sys.modules[_COMMAND_LINE]
    return cel


cel = _imported()
