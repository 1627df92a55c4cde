"""The first moments of a process that runs for long: its name for the database, and its imports."""

import gc
import importlib
import os


def name_process(command: str) -> None:
    """Let the database's administrator see whose connections these are; a PGAPPNAME of the operator's wins."""
    os.environ.setdefault("PGAPPNAME", f"reply-copilot {command}")


def import_for_good(*modules: str) -> None:
    """Import ``modules`` with the garbage collector off, and never look through what they made again.

    Measured, that was half of the time. Modules live as long as the process; every full collection, and the end of the
    process, would walk through them.
    """
    gc.disable()
    try:
        for module in modules:
            importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
