"""One procedure for several shops: a change holds in all of them at the next draft, a shop's own word goes first."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from copilot.assets import policy_folders, prompt_folders
from copilot.domain.draft import DraftState
from copilot.domain.errors import BadConfiguration
from copilot.domain.order import Order
from copilot.flow.shops import Shops
from copilot.model.prompts import Prompts
from copilot.store.engine import Store
from copilot.store.tables import DirectoryRow, DraftRow, ShopRow
from tests.flow.conftest import NOON, World

SHOPS = ("cups", "bowls", "plates")
OWN, FAIR = "playbooks/damaged.yaml", "terms/douyin.cn.yaml"
NO_PHOTO = "photo_required: false\n"


@dataclass(frozen=True)
class Found:
    orders: tuple[Order, ...] | None
    as_of: None = None
    called: None = None


class Book:
    """Every buyer has one delivered order of cups for 59.90."""

    async def orders(self, merchant: uuid.UUID, conversation: uuid.UUID, **how: Any) -> Found:
        price = {"amount": "60.00", "currency": "CNY"}
        order = {
            "id": "6938166200417709301",
            "status": "delivered",
            "created_at": NOON - timedelta(days=3),
            "paid_at": NOON - timedelta(days=3),
            "delivered_at": NOON - timedelta(hours=5),
            "total": price,
            "items": [{"name": "陶杯", "quantity": 1, "price": price}],
        }
        return Found((Order.model_validate(order),))


@dataclass
class Several:
    """A merchant with three shops on one deployment folder ``mine``."""

    world: World
    mine: Path
    shops: dict[str, ShopRow]
    slug: str
    said: int = 0

    def write(self, name: str, text: str, layer: str = "") -> Path:
        """A file of the deployment, or of one of its layers ("merchants/m", "merchants/m/shops/cups")."""
        file = self.mine / layer.format(m=self.slug) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    async def draft(self, shop: str) -> DraftRow:
        """What the next draft of ``shop`` is, a little later."""
        self.world.clock.advance(2)
        self.said += 1
        world = replace(self.world, shop=self.shops[shop], said=1000 * self.said)
        return await world.draft(await world.buyer("收到杯子碎了一个", f"{shop}-{self.said}"))

    async def refunds(self) -> list[str]:
        """The partial refund that each shop's next draft offers, by shop."""
        return [await self.refund(shop) for shop in SHOPS]

    async def refund(self, shop: str) -> str:
        """The partial refund of one shop."""
        row = await self.draft(shop)
        assert row.state == DraftState.PROPOSED, row.reason
        assert row.view is not None
        (cost,) = [one["cost"]["amount"] for one in row.view["options"] if one["key"] == "refund_keep"]
        return cost


@pytest.fixture
async def several(world: World, store: Store, tmp_path: Path, compiled: Path) -> Several:
    mine = tmp_path / "mine"
    mine.mkdir()
    shops = {"cups": world.shop}
    async with store.merchant(world.merchant) as session:
        for slug in SHOPS[1:]:
            values = {name: getattr(world.shop, name) for name in ShopRow.__table__.columns.keys()}
            shops[slug] = ShopRow(**{**values, "id": uuid.uuid4(), "slug": slug, "platform_shop_id": f"shop-{slug}"})
            session.add(shops[slug])
            await session.flush()
            session.add(
                DirectoryRow(kind="shop", key=f"recording:{slug}", merchant=world.merchant, shop=shops[slug].id)
            )
    rules = Shops((policy_folders()[0], mine), Prompts(prompt_folders(), compiled), compiled)
    world = replace(world, driver=replace(world.driver, shops=rules, book=Book()))
    found = Several(world, mine, shops, f"m-{world.merchant.hex[:8]}")
    found.write("terms/douyin.cn.yaml", NO_PHOTO)
    return found


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as found:
        yield found


@pytest.mark.feature("F078")
async def test_a_change_of_the_procedure_holds_in_every_shop_at_the_next_draft(several: Several) -> None:
    assert await several.refunds() == ["30.00", "30.00", "30.00"]
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 25\n")
    assert await several.refunds() == ["15.00", "15.00", "15.00"]
    text = (policy_folders()[0] / OWN).read_text(encoding="utf-8")
    assert "options: [reship_pieces, reship, refund_pieces, refund_keep]" in text
    several.write(
        OWN, text.replace("options: [reship_pieces, reship, refund_pieces, refund_keep]", "options: [reship]")
    )
    for shop in SHOPS:
        row = await several.draft(shop)
        assert row.view is not None
        assert "refund_keep" not in [one["key"] for one in row.view["options"]]


@pytest.mark.feature("F078")
async def test_a_merchant_and_a_shop_lay_their_own_over_it_while_others_keep_it(several: Several) -> None:
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 25\n", "merchants/{m}")
    assert await several.refunds() == ["15.00", "15.00", "15.00"]
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 10\n", "merchants/{m}/shops/bowls")
    assert await several.refunds() == ["15.00", "6.00", "15.00"]
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 90\n", "merchants/somebody-else")
    assert await several.refunds() == ["15.00", "6.00", "15.00"]
    shutil.rmtree(several.mine / "merchants")
    assert await several.refunds() == ["30.00", "30.00", "30.00"]


@pytest.mark.feature("F078")
async def test_a_shop_s_own_scenes_and_options_replace_the_issue_s_procedure(several: Several) -> None:
    text = (policy_folders()[0] / OWN).read_text(encoding="utf-8")
    own = text.replace("options: [reship_pieces, reship, refund_pieces, refund_keep]", "options: [reship]")
    several.write(OWN, own, "merchants/{m}/shops/plates")
    keys: dict[str, list[str]] = {}
    for shop in SHOPS:
        row = await several.draft(shop)
        assert row.view is not None
        keys[shop] = [one["key"] for one in row.view["options"]]
    assert "refund_keep" in keys["cups"]
    assert "refund_keep" in keys["bowls"]
    assert "refund_keep" not in keys["plates"]


@pytest.mark.parametrize(
    ("name", "text"), [(FAIR, NO_PHOTO + "keep_refund_percent: lots\n"), (OWN, "issue: damaged\nscenes: [\n")]
)
async def test_a_broken_file_keeps_the_last_good_one_and_says_so_once(
    several: Several, logs: list[Any], name: str, text: str
) -> None:
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 25\n")
    assert await several.refund("cups") == "15.00"
    file = several.write(name, text)
    assert await several.refund("cups") == "15.00"
    assert await several.refund("cups") == "15.00"
    # Also when another day begins.
    several.world.clock.advance(26 * 3600)
    assert await several.refund("cups") == "15.00"
    told = [line for line in logs if line["event"] == "playbooks_kept"]
    assert [(line["shop"], line["log_level"]) for line in told] == [("cups", "error")]
    assert told[0]["why"].startswith(f"{file}:")

    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 20\n")
    if name == OWN:
        file.unlink()
    assert await several.refund("cups") == "12.00"
    assert [line["event"] for line in logs if line["event"].startswith("playbooks")][-1] == "playbooks_mended"


async def test_a_broken_folder_of_one_shop_hurts_no_other(several: Several) -> None:
    assert await several.refunds() == ["30.00", "30.00", "30.00"]
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: lots\n", "merchants/{m}/shops/bowls")
    several.write(FAIR, NO_PHOTO + "keep_refund_percent: 25\n")
    assert await several.refunds() == ["15.00", "30.00", "15.00"]


async def test_without_a_good_version_the_error_names_the_place(several: Several) -> None:
    file = several.write(FAIR, NO_PHOTO + "keep_refund_percent: lots\n")
    rules = several.world.driver.shops
    with pytest.raises(BadConfiguration, match=f"{file}:2"):
        rules.of_shop(several.shops["cups"], several.slug, several.world.clock.now())
