"""What ``doctor`` looks at of what is published: versions that could not be loaded, and pins that came after them.

It loads nothing itself: the processes that draft write down what they could not take.
"""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from copilot import assets
from copilot.access.merchants import Merchant, merchants
from copilot.cli.finding import Finding
from copilot.domain.errors import BadConfiguration
from copilot.flow.publishing import rows
from copilot.flow.publishing.rows import State
from copilot.policy.load import PolicyFolders
from copilot.policy.pins import FILE, load_pins
from copilot.store.engine import Store
from copilot.store.tables import PublicationRow

if TYPE_CHECKING:
    from copilot.settings import Settings


async def published(store: Store, settings: "Settings") -> AsyncGenerator[Finding]:
    """Every version in force that some shop goes without, or that weakens what is pinned; how many there are."""
    found: list[tuple[Merchant, PublicationRow]] = []
    for merchant in await merchants(store):
        async with store.merchant(merchant.id) as session:
            found += [(merchant, row) for row in await rows.standing_rows(session)]
    if found:
        yield Finding("ok", "published", (str(len(found)),))
    pins = _pins(settings) if any(row.weakened for _, row in found) else {}
    for merchant, row in found:
        if row.state != State.ENFORCE:
            continue
        for shop, why in sorted(row.trouble.items()):
            yield Finding("wrong", "published_kept_out", (f"{merchant.slug}/{shop}", str(row.number), why))
        pinned = sorted(str(one["rule"]) for one in row.weakened if one["rule"] in pins)
        if pinned:
            yield Finding("wrong", "published_pinned", (merchant.slug, str(row.number), ", ".join(pinned)))


def _pins(settings: "Settings") -> dict[str, str]:
    """What is pinned; nothing where the files cannot be read, which is told where the folders are looked at."""
    try:
        folders = assets.policy_folders(settings.policies_dir)
        if not any((folder / FILE).is_file() for folder in folders):
            return {}
        return load_pins(folders, PolicyFolders(folders).rules())
    except BadConfiguration:
        return {}
