"""``knowledge`` at the command line: in, out, found, pinned, told."""

import asyncio
import io
import json
import logging
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.access.merchants import add_merchant
from copilot.cli.main import main
from copilot.domain.clock import FrozenClock
from copilot.store.engine import Store
from copilot.store.tables import ShopRow
from tests.fixtures_store import NOW

TABLE = """question,answer,category
退货运费谁出,质量问题我们承担,售后
什么时候发货,48小时内,Versand
坏行,,物流
在吗,亲,日常问候
"""


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


async def _seeded(url: str) -> None:
    async with await Store.open(url) as store:
        merchant = await add_merchant(store, "m1", "M", FrozenClock(NOW))
        known = dict.fromkeys(("slug", "name", "platform", "market", "platform_shop_id", "adapter"), "shop")
        rules = {"zone": "UTC", "pack": "generic", "profile": "generic", "posture": "draft_only", "settings": {}}
        async with store.merchant(merchant) as session:
            session.add(ShopRow(merchant=merchant, id=uuid.uuid4(), created_at=NOW, **known, **rules))


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs ``knowledge …`` in this process, on a store with the shop "shop"."""
    asyncio.run(_seeded(database_url))
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def call(*args: str, stdin: str = "", **more: str) -> Done:
        known = {"LANG": "C.UTF-8", "LC_ALL": "", "COPILOT_DATABASE_URL": database_url, **more}
        for name, value in known.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        return Done(main(["knowledge", *args]), *capsys.readouterr())

    yield call
    root.handlers, root.level = before[0], before[1]


@pytest.mark.feature("F056")
@pytest.mark.feature("F057")
def test_a_table_goes_in_is_found_and_comes_out_again(run: Run, tmp_path: Path) -> None:
    done = run("import", "shop", "--rejected", str(tmp_path / "no.jsonl"), stdin=TABLE)
    assert done.returncode == 0, done.stderr
    assert "3 new, 0 changed, 0 as before" in done.stderr
    assert "standard input:3: category" in done.stderr
    assert "standard input:4: answer" in done.stderr
    assert "standard input:5: is the generic preset" in done.stderr
    assert [json.loads(line)["line"] for line in (tmp_path / "no.jsonl").read_text().splitlines()] == [4]

    found = run("find", "shop", "请问多久能寄出", "--language", "zh")
    match = json.loads(found.stdout.splitlines()[0])
    assert (match["entry"]["answer"], match["matched"]) == ("48小时内", "什么时候发货")
    for form in ("csv", "jsonl"):
        out = run("export", "shop", "--format", form)
        again = run("import", "shop", stdin=out.stdout, LANG="zh_CN.UTF-8")
        assert "新增 0 条，更新 0 条，3 条未变" in again.stderr

    sizes = "product,size,measure,value,unit\njean,M,腰围,70,cm\njean,S,腰围,66,cm\n"
    assert "1 new" in run("import", "shop", "--what", "sizes", stdin=sizes).stderr
    fact = json.loads(run("export", "shop", "--what", "product-facts").stdout)
    assert (fact["key"], fact["value"]) == ("waist_cm_by_size", {"M": 70, "S": 66})


def test_pins_and_notices_begin_now_and_end(run: Run) -> None:
    assert run("pin", "shop", "cup", "--until", "2099-01-01T00:00:00Z").returncode == 0
    assert json.loads(run("export", "shop", "--what", "pinned").stdout)["product"] == "cup"
    assert run("pin", "shop", "cup", "--end").returncode == 0
    assert run("export", "shop", "--what", "pinned").stdout == ""
    told = run("notice", "shop", "storm", "--kind", "delay", "--region", "US-FL", "--text", "en=Storm.")
    assert told.returncode == 0, told.stderr
    notice = json.loads(run("export", "shop", "--what", "notices").stdout)
    assert (notice["regions"], notice["text"], notice["ends_at"]) == (["US-FL"], {"en": "Storm."}, None)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("export", "shop", "--what", "faqs"), "there is no kind faqs; use one of faq, product-facts"),
        (("pin", "shop", "cup"), "needs its end; give --until"),
        (("pin", "shop", "cup", "--until", "tomorrow"), "until: "),
        (("notice", "shop", "x", "--text", "hello"), "is not LANG=TEXT"),
        (("export", "plates"), "there is no shop plates; known: shop"),
        (("embed", "shop"), "set COPILOT_EMBEDDING_MODEL"),
        (("find", "shop", "x", "--audience", "all"), "use buyer or staff"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_the_remedy(run: Run, args: tuple[str, ...], told: str) -> None:
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
