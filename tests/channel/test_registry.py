"""Installed adapters: found by entry point, limited by name, and one that is broken stops nobody."""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.channel.registry import installed
from copilot.cli import doctor, doctor_live
from copilot.domain.errors import BadConfiguration
from copilot.sdk import ADAPTER_API
from copilot.sdk.inbound import LARGEST_DELIVERY, MOST_DELIVERY
from copilot.settings import load_settings

GOOD = """
from copilot.sdk import AdapterSettings, Level, Limits, Transport

class Made:
    name, api, transport, settings = "{name}", {api}, Transport.PUBLIC, AdapterSettings
    idempotent_send, limits, level = False, Limits(), Level.LISTED
    async def send(self, account, reply, idempotency_key): raise NotImplementedError
    async def poll(self, account, cursor): raise NotImplementedError
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a distribution with one adapter on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(
        name: str, code: str = GOOD, dist: str | None = None, module: str | None = None, api: int = ADAPTER_API
    ) -> None:
        dist, module = dist or f"copilot-adapter-{name}", module or f"made_{name}_{tmp_path.name[-6:]}"
        text = textwrap.dedent(code).replace("{name}", name).replace("{api}", str(api))
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
        info = tmp_path / f"{dist.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.2\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[copilot.adapters]\n{name} = {module}:Made\n", encoding="utf-8")

    return put


def test_an_installed_adapter_is_found_with_its_version(install: Install) -> None:
    install("mine")
    found = installed()
    assert found.get("mine") is not None
    assert found.versions["mine"] == "copilot-adapter-mine 1.2"


def test_an_adapter_says_how_large_its_deliveries_may_be(install: Install) -> None:
    install("mine", GOOD + "\n    largest_delivery = 3_000_000\n")
    install("other")
    found = installed()
    assert found.largest_delivery("mine") == 3_000_000
    assert found.largest_delivery("other") == found.largest_delivery("nowhere") == LARGEST_DELIVERY
    assert found.largest_delivery("matrix") >= 100 * 65_536


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise RuntimeError('13812345678')", "RuntimeError in"),
        ("import sys; sys.exit('13812345678')", "SystemExit in"),
        ("import nowhere_at_all", "the module nowhere_at_all is missing"),
        (GOOD.replace('"{name}"', '"another"'), "gives an adapter called another"),
        (GOOD.replace("AdapterSettings\n    idem", "dict\n    idem"), "has no settings"),
        (GOOD.replace("async def poll", "async def pull"), "has no way in"),
        (GOOD + "\n    largest_delivery = 0\n", "says no size for its largest delivery"),
        (GOOD + f"\n    largest_delivery = {MOST_DELIVERY + 1}\n", "says no size for its largest delivery"),
        (GOOD + "\n    largest_delivery = '3 MB'\n", "says no size for its largest delivery"),
        (GOOD.replace("async def send", "async def push"), "it has no send"),
        (
            GOOD.replace("limits, level = False, Limits(), Level.LISTED", "unlimited = False, 1"),
            "it has no limits, level",
        ),
    ],
)
def test_one_broken_adapter_is_named_and_the_rest_runs(install: Install, code: str, why: str) -> None:
    install("torn", code)
    install("mine")
    found = installed()
    assert "torn" not in found.names()
    assert why in found.broken["torn"]
    assert "13812345678" not in found.broken["torn"]
    assert {"mine", "tiktok_shop", "douyin"} <= set(found.names())


@pytest.mark.parametrize(
    ("api", "who"), [(ADAPTER_API - 1, "the adapter is too old"), (ADAPTER_API + 1, "reply-copilot is too old")]
)
def test_another_version_of_the_contract_says_who_is_too_old(install: Install, api: int, who: str) -> None:
    install("other", api=api)
    assert who in installed().broken["other"]


def test_two_distributions_with_one_name_are_an_error_that_names_both(install: Install) -> None:
    install("mine", dist="copilot-adapter-mine", module="made_one")
    install("mine", dist="somebody-elses-mine", module="made_two")
    with pytest.raises(BadConfiguration, match=r"two adapters are called mine: copilot-adapter-mine 1\.2, somebody"):
        installed()
    (finding,) = doctor_live.adapters(only=["mine"])
    assert (finding.level, finding.key) == ("wrong", "adapters_clash")
    assert "somebody-elses-mine" in finding.line("zh")
    assert installed(["douyin"]).names() == ["douyin"], "who is not loaded clashes with nobody"


def test_the_setting_limits_what_is_imported(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("torn", "raise RuntimeError", module="made_unwanted")
    monkeypatch.setenv("COPILOT_ADAPTERS", " douyin, ")
    only = load_settings().adapters
    assert only == ("douyin",)
    found = installed(only)
    assert (found.names(), found.broken) == (["douyin"], {})
    assert "made_unwanted" not in sys.modules
    monkeypatch.setenv("COPILOT_ADAPTERS", "")
    assert load_settings().adapters is None


def test_a_name_that_is_not_installed_is_told() -> None:
    found = installed(["nothing_like_it"])
    assert found.broken == {"nothing_like_it": "it is named in COPILOT_ADAPTERS and not installed"}


def test_doctor_refuses_a_stranger_that_owns_our_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert doctor.distribution(settings) == []
    info = tmp_path / "copilot-9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: copilot\nVersion: 9\n", encoding="utf-8")
    (info / "top_level.txt").write_text("copilot\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (finding,) = doctor.distribution(settings)
    assert (finding.level, finding.key) == ("wrong", "module_taken")
    assert finding.line("zh") != finding.line("en")
