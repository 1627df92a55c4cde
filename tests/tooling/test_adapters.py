"""``adapters``: the list, the kit outside of pytest, what a file becomes, a recorder, and adapters that are new."""

import json
import os
import subprocess
import sysconfig
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uv
from copilot_adapter_tiktok_shop.conformance import TikTokShopProof
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.assets import adapter_examples
from copilot.cli.adapters import record
from copilot.domain.errors import BadInput
from copilot.sdk import Delivery
from copilot.sdk.testing import serve
from copilot.sdk.testing.kit import read_payloads, run
from copilot.sdk.testing.kit.payloads import Payload, read_payload
from copilot.sdk.testing.recording import Recorder
from copilot.sdk.testing.scaffold import MODES, Mode, scaffold
from tests.conftest import ROOT, Cli

PAYLOADS = ROOT / "adapters/tiktok_shop/tests/payloads"


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_list_names_version_level_and_what_users_lose(cli: Cli) -> None:
    done = cli("adapters", "list", env={"LANG": "en_US.UTF-8", "LC_ALL": ""})
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["name"]: row for row in lines(done.stdout)}
    assert set(rows) == {"chatwoot", "douyin", "matrix", "tiktok_shop"}
    told = rows["douyin"]
    assert told["version"].startswith("copilot-adapter-douyin ")
    assert (told["level"], told["transport"], told["in"]) == ("full", "not_public", "webhook, poll")
    assert "history: a reply whose call broke off is left to a person" in told["without"]
    assert "history" in rows["tiktok_shop"]["has"]
    chinese = cli("adapters", "list", env={"LANG": "zh_CN.UTF-8", "LC_ALL": ""})
    assert "不能发送图片" in chinese.stdout


def test_the_list_is_limited_by_the_setting(cli: Cli) -> None:
    done = cli("adapters", "list", env={"COPILOT_ADAPTERS": "douyin,nowhere", "LANG": "C.UTF-8"})
    assert [row["name"] for row in lines(done.stdout)] == ["douyin"]
    assert "✗ nowhere: it is named in COPILOT_ADAPTERS and not installed" in done.stderr


def test_the_kit_runs_outside_of_pytest(cli: Cli) -> None:
    done = cli("adapters", "check", "douyin", "--level", "base", "--all", env={"LANG": "C.UTF-8"})
    assert done.returncode == 0, done.stdout
    rows = lines(done.stdout)
    assert {row["state"] for row in rows} == {"passed"}
    assert {row["level"] for row in rows} == {"listed", "base"}
    assert done.stderr.startswith("douyin: level base of full claimed;")


def test_an_adapter_without_a_proof_is_told(cli: Cli) -> None:
    done = cli("adapters", "check", "nothing_like_it")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no proof of an adapter nothing_like_it is installed" in done.stderr


@pytest.mark.parametrize(
    ("name", "kind"), [("message_text", "message"), ("order_status", "order_changed"), ("deauthorized", "deauthorized")]
)
def test_a_payload_is_tried_by_the_adapter_that_knows_it(cli: Cli, name: str, kind: str) -> None:
    done = cli("adapters", "try", str(PAYLOADS / f"{name}.json"))
    assert (done.returncode, [row["type"] for row in lines(done.stdout)]) == (0, [kind])


def test_a_raw_body_is_tried_too_and_what_cannot_be_read_is_exit_one(cli: Cli, tmp_path: Path) -> None:
    raw = tmp_path / "body.json"
    raw.write_bytes(read_payload(PAYLOADS / "message_text.json").delivery.body)
    done = cli("adapters", "try", str(raw), "--adapter", "tiktok_shop")
    assert (done.returncode, lines(done.stdout)[0]["type"]) == (0, "message")
    raw.write_text("rubbish", encoding="utf-8")
    assert cli("adapters", "try", str(raw), "--adapter", "tiktok_shop").returncode == 1
    nobody = cli("adapters", "try", str(raw))
    assert (nobody.returncode, "adapters that know it: none" in nobody.stderr) == (2, True)


# New adapters.


@pytest.mark.parametrize("mode", MODES)
def test_each_example_of_the_tutorial_holds_the_kit_as_it_stands(mode: Mode, tmp_path: Path) -> None:
    target = tmp_path / "shoplet"
    scaffold(adapter_examples(), "shoplet", mode, target)
    for file in target.rglob("*.py"):
        example = adapter_examples() / mode / file.relative_to(target)
        source = example if example.is_file() else adapter_examples() / "webhook" / file.relative_to(target)
        assert file.read_text(encoding="utf-8") == source.read_text(encoding="utf-8"), "the example is not its own name"


@pytest.mark.parametrize("mode", MODES)
def test_a_new_adapter_installs_and_passes_base_at_once(mode: Mode, tmp_path: Path) -> None:
    made = scaffold(adapter_examples(), "my_new_shop", mode, tmp_path / "made")
    for file in made:
        text = file.read_text(encoding="utf-8") if file.stat().st_size else ""
        assert "shoplet" not in (str(file.relative_to(tmp_path)) + text).lower()
    python = _environment(tmp_path / "env")
    command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps", "--no-cache"]
    subprocess.run([*command, "--no-build-isolation", "--python", python, str(tmp_path / "made")], check=True)
    (tmp_path / "elsewhere").mkdir()

    def run_there(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LANG": "C.UTF-8", "COPILOT_DATA_DIR": str(tmp_path / "data")}
        return subprocess.run(
            [python, *arguments], cwd=tmp_path / "elsewhere", env=env, capture_output=True, text=True, timeout=120
        )

    main = "import sys; from copilot.cli.main import main; sys.exit(main(sys.argv[1:]))"
    done = run_there("-c", main, "adapters", "check", "my_new_shop")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert "my_new_shop: level base of base claimed; " in done.stderr
    told = run_there("-c", main, "adapters", "list").stdout
    assert next(row for row in lines(told) if row["name"] == "my_new_shop")["in"] == mode
    tests = run_there("-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "made" / "tests"))
    assert tests.returncode == 0, tests.stdout
    assert "passed" in tests.stdout


def _environment(folder: Path) -> str:
    """A virtual environment that sees this one's packages and the checkout, and none of its adapters' entry points."""
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "beside.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", encoding="utf-8")
    return str(folder / "bin" / "python")


@pytest.mark.parametrize("name", ["", "Shop", "my-shop", "1shop", "my__shop", "class", "../x", "s" * 41, "店"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be an adapter's name"):
        scaffold(adapter_examples(), name, "webhook", tmp_path / "made")


def test_nothing_is_written_over(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    done = cli("adapters", "new", "my_shop", "--out", str(tmp_path / "made"))
    assert (done.returncode, "is there already" in done.stderr) == (2, True)


# Recording.


@asynccontextmanager
async def behind(status: int = 200) -> AsyncIterator[tuple[str, list[Delivery]]]:
    """A server that takes what is forwarded."""
    taken: list[Delivery] = []

    async def take(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.path_params["path"]
        taken.append(Delivery(request.method, headers, dict(request.query_params), await request.body(), path))
        return Response(b"taken", status)

    async with serve(Starlette(routes=[Route("/in{path:path}", take, methods=["POST", "PUT"])])) as address:
        yield f"{address}/in", taken


async def test_a_delivery_is_recorded_without_anybody_in_it_and_goes_on_untouched(tmp_path: Path) -> None:
    body = read_payload(PAYLOADS / "message_text.json").delivery.body
    written: list[Path | None] = []
    async with behind() as (forward, taken), httpx.AsyncClient(trust_env=False) as http:
        recorder = Recorder(TikTokShopProof.adapter(), tmp_path, forward, http, written.append)
        async with serve(recorder.app) as address:
            headers = {"authorization": "canary-signature", "content-type": "application/json"}
            answer = await http.post(f"{address}/", content=body, headers=headers)
            again = await http.post(f"{address}/", content=body, headers=headers)
    assert (answer.status_code, answer.content, again.status_code) == (200, b"taken", 200)
    assert [one.body for one in taken] == [body, body]
    assert taken[0].headers["authorization"] == "canary-signature"
    files = [file for file in written if file is not None]
    texts = [file.read_text(encoding="utf-8") for file in files]
    for secret in ("canary", "还没发货吗", "707885565181165594", "710688832392260838", "7494049642642441621"):
        assert all(secret not in text for text in texts)
    first, second = (read_payloads(tmp_path)[number] for number in (0, 1))
    assert first.becomes == second.becomes, "what was the same stays the same"
    (event,) = first.becomes
    assert event.type == "message"
    assert event.message.text.endswith("? 😀")
    assert event.message.sent_at is not None
    assert event.message.sent_at.isoformat() == "2025-11-02T11:59:59+00:00"


async def test_what_nobody_takes_is_to_be_sent_again(tmp_path: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        recorder = Recorder(TikTokShopProof.adapter(), tmp_path, "http://127.0.0.1:9/in", http)
        async with serve(recorder.app) as address:
            answer = await http.post(address, content=b"\xff\xfe packed")
    assert answer.status_code == 503
    assert os.listdir(tmp_path) == [], "what is no text cannot be redacted, and is not written"


DELIVERIES = [one for one in TikTokShopProof().corpus if one.kind == "delivery"]


@pytest.mark.parametrize("payload", DELIVERIES, ids=lambda one: one.name)
def test_redaction_keeps_what_an_adapter_reads(payload: Payload, tmp_path: Path) -> None:
    recorder = Recorder(TikTokShopProof.adapter(), tmp_path, "http://x", None)  # type: ignore[arg-type]
    file = recorder.record(payload.delivery)
    assert file is not None
    recorded = read_payload(file)
    assert recorded.malformed == payload.malformed
    assert [event.type for event in recorded.becomes] == [event.type for event in payload.becomes]
    if payload.becomes and payload.becomes[0].type == "message":
        assert recorded.situation == payload.situation


def test_recorded_traffic_proves_an_adapter_as_well_as_what_was_written(tmp_path: Path) -> None:
    recorder = Recorder(TikTokShopProof.adapter(), tmp_path, "http://x", None)  # type: ignore[arg-type]
    corpus = TikTokShopProof().corpus
    for one in corpus:
        if one.kind == "delivery":
            recorder.record(one.delivery)
    (shop,) = {event.shop for one in read_payloads(tmp_path) for event in one.becomes}
    for one in corpus:
        if one.kind != "delivery":
            # Only deliveries are recorded; what was asked for is of the same shop.
            written = (PAYLOADS / f"{one.name}.json").read_text(encoding="utf-8")
            (tmp_path / f"{one.name}.json").write_text(written.replace(TikTokShopProof.shop, shop), encoding="utf-8")
    kind = type("Recorded", (TikTokShopProof,), {"payloads": tmp_path, "shop": shop})
    report = run(kind(), without={"form_light"})
    assert [(one.check.id, one.why) for one in report.failed] == []


def test_the_command_refuses_what_it_cannot_record(cli: Cli, tmp_path: Path) -> None:
    # What its help says; another process would take seconds to say the same.
    assert all(words in (record.__doc__ or "") for words in ("are not recorded", "不记录"))
    entered = tmp_path / "entered.json"
    entered.write_text('{"app_key": "canary"}', encoding="utf-8")
    by_itself = ("--mode", "poll", "--shop", "1", "--settings", str(entered))
    for arguments, told in (
        (("nothing_like_it",), "no adapter nothing_like_it is installed"),
        (("chatwoot", "--mode", "poll"), "--shop ID --settings FILE"),
        (("chatwoot", "--mode", "connect", *by_itself[2:]), "the adapter chatwoot has no connect"),
        (("tiktok_shop", *by_itself), "not the settings of tiktok_shop: access_token, app_secret"),
    ):
        done = cli("adapters", "record", *arguments, "--out", str(tmp_path))
        assert (done.returncode, told in done.stderr, "canary" in done.stderr) == (2, True, False), done.stderr
