"""Sets the demonstration up in an empty database: a merchant, a shop per emulator, and one agent."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.access import audit
from copilot.access.merchants import NewShop, add_merchant, add_shop
from copilot.access.people import add_person
from copilot.access.principal import Language, Role
from copilot.access.rules_of import choose
from copilot.access.vault import Vault
from copilot.channel.registry import Registry
from copilot.demo.script import Script
from copilot.domain.clock import Clock
from copilot.knowledge.kinds import PHRASES
from copilot.knowledge.records import Place, put_all
from copilot.knowledge.tokens import Tokenizer
from copilot.sdk.testing import Emulator
from copilot.store.engine import Store

MERCHANT = "demo"


@dataclass(frozen=True)
class Login:
    """What the person at the desk types."""

    login: str
    password: str


async def seed(
    store: Store,
    vault: Vault,
    adapters: Registry,
    script: Script,
    emulators: Mapping[str, Emulator],
    address: str,
    login: Login,
    language: Language,
    folders: Sequence[Path],
    clock: Clock,
    tokenizer: Tokenizer,
) -> uuid.UUID:
    """Add everything; ``address`` is where this server answers. Returns the merchant's id."""
    merchant = await add_merchant(store, MERCHANT, "Demo", clock)
    for key, stage in script.shops.items():
        emulator = emulators[key]
        adapter = adapters.get(stage.emulator)
        assert adapter is not None, "the emulator was found, so the adapter is installed"
        settings = adapter.settings.model_validate(emulator.settings(f"{address}/platforms/{stage.emulator}"))
        rules = choose(stage.emulator, stage.market, folders, clock.now(), zone=stage.zone)
        new = NewShop(
            slug=stage.slug,
            name=stage.name,
            platform=stage.emulator,
            market=stage.market,
            platform_shop_id=emulator.shop_id,
            adapter=stage.emulator,
            pack=rules.pack,
            profile=rules.profile,
            zone=rules.zone,
            settings=settings,
        )
        shop = await add_shop(store, vault, merchant, new, clock)
        place = Place(merchant, shop, audit.COMMAND, clock.now())
        await put_all(store, place, PHRASES, stage.phrases, tokenizer, action="phrases.imported")
        emulator.deliver_to(f"{address}/in/{stage.emulator}")
    await add_person(store, merchant, login.login, "Demo", Role.AGENT, language, login.password, clock)
    return merchant
