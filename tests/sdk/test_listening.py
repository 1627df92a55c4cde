"""Looks and connections as they are recorded: nobody stands in the files, and the kit takes them for what they are."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from copilot_adapter_tiktok_shop.adapter import TikTokShop
from copilot_adapter_tiktok_shop.config import TikTokShopSettings
from copilot_adapter_tiktok_shop.emulator import TikTokShopEmulator

from copilot.domain.clock import FrozenClock
from copilot.domain.order import Item, Order, OrderStatus
from copilot.sdk import Level, PlatformDown
from copilot.sdk.errors import Malformed
from copilot.sdk.testing import Shopper, serve
from copilot.sdk.testing.kit import run
from copilot.sdk.testing.kit.payloads import read_payload, read_payloads
from copilot.sdk.testing.listening import Listener, Mode
from copilot.sdk.testing.redaction import Redactor
from tests.sdk.corner.adapter import Corner, CornerSettings
from tests.sdk.corner.emulator import CornerEmulator
from tests.sdk.corner.proof import CornerProof

ORDER = Order(id="576653688135258178", status=OrderStatus.SHIPPED, items=(Item(product_id="1729", name="Mug"),))
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
CANARIES = ("13812345678", "canary-robin", "Canary Robin")


@pytest.fixture
async def corner() -> AsyncIterator[tuple[CornerEmulator, CornerSettings]]:
    emulator = CornerEmulator(clock=FrozenClock(NOON))
    async with serve(emulator.app) as base:
        emulator.add_shopper(Shopper(id="canary-robin", nickname="Canary Robin"))
        yield emulator, CornerSettings.model_validate(emulator.settings(base))
        await emulator.aclose()


async def recorded(
    mode: Mode, corner: tuple[CornerEmulator, CornerSettings], folder: Path, words: list[str]
) -> list[dict[str, Any]]:
    """The files of a recording in which a shopper says ``words``, one after the other."""
    emulator, settings = corner
    stopped, files, heard = asyncio.Event(), list[Path | None](), asyncio.Event()

    def told(file: Path | None) -> None:
        files.append(file)
        heard.set()

    listener = Listener(Corner(), mode, emulator.shop_id, settings, folder, emulator.clock, told)
    listener.redactor = Redactor(keep=["by"])
    listening = asyncio.create_task(listener.run(stopped))
    for number, one in enumerate(words):
        await emulator.say("canary-robin", one)
        while sum("message" in file.name for file in files if file) <= number:
            heard.clear()
            await asyncio.wait_for(heard.wait(), 10)
    stopped.set()
    await asyncio.wait_for(listening, 5)
    assert None not in files
    return [json.loads(file.read_text(encoding="utf-8")) for file in files if file is not None]


@pytest.mark.parametrize("mode", ["poll", "connect"])
async def test_what_is_heard_becomes_files_without_anybody_in_them(
    mode: Mode, corner: tuple[CornerEmulator, CornerSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.sdk.testing.listening._WAIT", 0.05)
    files = await recorded(mode, corner, tmp_path, ["call 13812345678", "hello?"])
    texts = json.dumps(files, ensure_ascii=False)
    emulator, settings = corner
    secrets = (settings.secret, settings.access_token)
    for canary in (*CANARIES, emulator.shop_id, *(one.get_secret_value() for one in secrets)):
        assert canary not in texts
    said = [one["message"] for file in files for one in file["becomes"] if one["type"] == "message"]
    assert [len(one["text"]) for one in said] == [len("call 13812345678"), len("hello?")]
    assert {file["at"] for file in files} == {NOON.isoformat()}
    talks = {one["conversation"] for file in files for one in file["becomes"]}
    assert len(talks) == 1, "what is the same stays the same"
    assert sum(file["becomes"] == [] for file in files) <= 1, "that nothing happens is recorded once"


@pytest.mark.parametrize("mode", ["poll", "connect"])
async def test_recorded_files_prove_an_adapter(
    mode: Mode, corner: tuple[CornerEmulator, CornerSettings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.sdk.testing.listening._WAIT", 0.05)
    files = await recorded(mode, corner, tmp_path, ["where is it?"])
    (shop,) = {one["shop"] for file in files for one in file["becomes"]}
    kept = [one for one in CornerProof().corpus if one.raw.get("mode", "poll") != mode or one.kind != "exchange"]
    for one in kept:
        told = (CornerProof.payloads / f"{one.name}.json").read_text(encoding="utf-8")
        (tmp_path / f"{one.name}.json").write_text(told.replace(CornerProof.shop, shop), encoding="utf-8")
    kind = type("Recorded", (CornerProof,), {"payloads": tmp_path, "shop": shop})
    report = await asyncio.to_thread(run, kind(), Level.BASE, without={"form_light"})
    assert [(one.check.id, one.why) for one in report.failed] == []


async def test_a_round_over_several_lists_is_recorded_look_by_look(tmp_path: Path) -> None:
    clock, stopped, files = FrozenClock(NOON), asyncio.Event(), list[Path | None]()
    platform = TikTokShopEmulator(clock=clock)

    def told(file: Path | None) -> None:
        files.append(file)
        if len(files) == 3:
            stopped.set()

    async with serve(platform.app) as base:
        platform.add_shopper(Shopper(id="canary-robin", nickname="Canary Robin"))
        platform.add_order(ORDER, "canary-robin")
        await platform.say("canary-robin", "call 13812345678", order_card=ORDER.id)
        settings = TikTokShopSettings.model_validate(platform.settings(base))
        listener = Listener(TikTokShop(), "poll", platform.shop_id, settings, tmp_path, clock, told)
        await asyncio.wait_for(listener.run(stopped), 10)
        await platform.aclose()
    found = {one.name: one for one in read_payloads(tmp_path)}
    assert not [name for name, one in found.items() if one.malformed]
    kinds = [event.type for _, one in sorted(found.items(), key=lambda one: one[0][-3:]) for event in one.becomes]
    assert kinds == ["message", "message", "assigned", "order_changed"]
    told_of = json.dumps([one.raw for one in found.values()], ensure_ascii=False)
    assert not [one for one in (*CANARIES, platform.shop_id, ORDER.id) if one in told_of]


def test_a_place_keeps_its_form_and_its_times_and_names_the_numbers_of_the_recording() -> None:
    redactor = Redactor(b"k" * 32)
    place = redactor.place('{"since":1762084740,"known":["722323407926368802"],"reading":"orders","page":"12"}')
    (known,) = json.loads(place)["known"]
    assert json.loads(place) == {"since": 1762084740, "known": [known], "reading": "orders", "page": "12"}
    assert known == redactor.value("722323407926368802") != "722323407926368802"


async def test_a_platform_that_cannot_be_asked_ends_it_and_what_cannot_be_read_is_kept(tmp_path: Path) -> None:
    settings = CornerSettings.model_validate({**CornerProof().settings(), "api_url": "https://corner.example"})

    async def listen(answer: httpx.Response | None) -> None:
        def call(request: httpx.Request) -> httpx.Response:
            if answer is None:
                raise httpx.ConnectError("nobody", request=request)
            return answer

        transport = httpx.MockTransport(call)
        clock = FrozenClock(NOON)
        await Listener(Corner(), "poll", "7", settings, tmp_path, clock, transport=transport).run(asyncio.Event())

    with pytest.raises(PlatformDown):
        await listen(None)
    assert os.listdir(tmp_path) == []
    with pytest.raises(Malformed):
        await listen(httpx.Response(200, json={"events": [{"event": "message", "text": "canary"}]}))
    (file,) = read_payloads(tmp_path)
    assert file.malformed
    assert "canary" not in (tmp_path / f"{file.name}.json").read_text(encoding="utf-8")
    assert read_payload(tmp_path / f"{file.name}.json").at == NOON


async def test_a_word_of_the_protocol_that_was_redacted_is_told(
    corner: tuple[CornerEmulator, CornerSettings], tmp_path: Path
) -> None:
    emulator, settings = corner
    await emulator.say("canary-robin", "hello")
    stopped, files = asyncio.Event(), list[Path | None]()

    def told(file: Path | None) -> None:
        files.append(file)
        stopped.set()

    await Listener(Corner(), "poll", emulator.shop_id, settings, tmp_path, emulator.clock, told).run(stopped)
    (file,) = read_payloads(tmp_path)
    assert (file.malformed, "--keep" in file.raw["why"]) == (True, True)


def test_lines_of_a_stream_keep_their_form_and_nobodys_words() -> None:
    stream = (
        'event: message\nid: 42a\ndata: {"type":"said","text":"canary 138"}\n\n: ping\n{"text":"canary"}\r\ncanary\n'
    )
    found = Redactor(b"k" * 32).lines(stream.encode())
    assert "canary" not in found
    head, number, data, empty, ping, line, words, end = found.split("\n")
    assert (head, empty, end) == ("event: message", "", "")
    assert (number[:4], ping[:2]) == ("id: ", ": ")
    assert json.loads(data.removeprefix("data: "))["type"] == "said"
    assert set(json.loads(line)) == {"text"}
    assert len(words) == len("canary")
