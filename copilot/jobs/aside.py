"""Has packs compiled by a process of their own before this one loads them.

It changes nothing but the cache: where there is no such process, or it fails, loading compiles as ever.
"""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from copilot.logs import get_logger
from copilot.policy import preparing
from copilot.policy.preparing import Wanted

log = get_logger(__name__)

# Without the working directory among the places of modules: whoever starts us elsewhere must not lend us theirs.
_COMMAND: Final = (sys.executable, "-P", "-m", preparing.__name__)


async def prepared(wanted: Mapping[str, Wanted], cache_dir: Path) -> bool:
    """Compile ``wanted``, by their marks, into ``cache_dir``; whether all of it is there now.

    Ended, its process is too, and what that had done stays.
    """
    if not (left := await asyncio.to_thread(preparing.missing, wanted, cache_dir)):
        return True
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*_COMMAND, stdin=pipe, stdout=nowhere, stderr=nowhere)
    except OSError as error:
        log.warning("rules.not_compiled_aside", error=error)
        return False
    try:
        await process.communicate(preparing.written(left, cache_dir))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("rules.not_compiled_aside", code=process.returncode)
    return process.returncode == 0
