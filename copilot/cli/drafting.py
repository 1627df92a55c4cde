"""The work of ``draft`` and ``demo``: opens the folders and the model once, drafts line after line."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from copilot import logs
from copilot.assets import policy_folders, prompt_folders
from copilot.cli.errors import BAD
from copilot.cli.io import BadLine, write_json
from copilot.cli.rejects import Rejects
from copilot.domain.clock import SystemClock
from copilot.domain.draft import DraftResult
from copilot.domain.errors import BadConfiguration, BadInput
from copilot.domain.reason import Reason
from copilot.flow.memory import MemoryFlow
from copilot.flow.shops import Shops
from copilot.logs import get_logger
from copilot.model.fallbacks import open_models
from copilot.model.gateway import warm
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer
from copilot.replay.conversations import Read, read_conversations, zone_named
from copilot.settings import Settings, load_settings

log = get_logger(__name__)


@asynccontextmanager
async def open_flow(settings: Settings, pack: str | None = None) -> AsyncGenerator[MemoryFlow]:
    """A flow without a server, with the model that the settings name."""
    clock = SystemClock()
    shops = Shops(
        policy_folders(settings.policies_dir),
        Prompts(prompt_folders(settings.prompts_dir), settings.cache_dir),
        settings.cache_dir,
    )
    if pack is not None:
        # An unknown pack is told before the first line is read.
        shops.of_platform("", "", clock.now(), pack)
    if settings.model is None:
        yield MemoryFlow(shops, clock, pack)
        return
    gateway = open_models(settings, clock)
    warm()
    try:
        yield MemoryFlow(
            shops, clock, pack, writer=Writer(gateway, shops.prompts, clock), model_seconds=settings.model_seconds
        )
    finally:
        await gateway.aclose()


async def draft_all(source: str, *, pack: str | None, timezone: str | None, rejected: Path | None) -> int:
    """Draft every conversation of ``source`` to standard output; returns the exit code."""
    settings = load_settings()
    logs.configure(settings.log_level)
    zone = zone_named(timezone) if timezone else None
    failed = 0
    async with open_flow(settings, pack) as flow:
        with Rejects(rejected) as rejects:
            for line in read_conversations(source, zone=zone):
                if isinstance(line, BadLine):
                    rejects.add(line)
                    continue
                rejects.accept()
                result = await draft_one(flow, line)
                failed += result.reason is Reason.FAILED
                write_json(result.model_dump(mode="json"))
            return rejects.exit_code or (BAD if failed else 0)


async def draft_one(flow: MemoryFlow, line: Read) -> DraftResult:
    """The result for one conversation; one that breaks is told and does not stop the rest."""
    try:
        return await flow.draft(line.conversation)
    except (BadInput, BadConfiguration) as error:
        # The line's own terms, or a template: for people, by place.
        log.error("draft_failed", line=f"{line.source}:{line.number}", why=str(error))
    except Exception as error:  # around one conversation of a batch
        log.error("draft_failed", line=f"{line.source}:{line.number}", error=type(error).__name__)
    return DraftResult(conversation=line.conversation.id, draft=None, reason=Reason.FAILED)
