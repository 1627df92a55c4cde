"""What people install holds everything that the checkout has, and nothing that git ignores."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import uv

from copilot import __version__
from tests.conftest import ROOT

FOLDERS = {
    "copilot": "copilot",
    "prompts": "copilot/prompts",
    "policies": "copilot/policies",
    "docs/schemas": "copilot/schemas",
    "docs/examples/adapters": "copilot/examples_of_adapters",
    "tests/golden": "copilot/golden",
}
ADAPTERS = sorted(path.parent for path in (ROOT / "adapters").glob("*/pyproject.toml"))
PRIVATE = ("policies/.env", "prompts/write/.env", "copilot/copilot-data/secret.txt", "policies/dist/private.yaml")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout with private files planted in it."""
    root = tmp_path_factory.mktemp("tree")
    for folder in (*FOLDERS, "tests/policies"):
        source = ROOT / folder
        if source.is_dir():
            shutil.copytree(source, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, root / name)
    for name in PRIVATE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("secret")
    return root


@pytest.fixture(scope="module")
def wheel(tree: Path) -> Path:
    """The wheel, built from that copy."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=tree, check=True, capture_output=True
    )
    [built] = (tree / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheels of all adapters."""
    root = tmp_path_factory.mktemp("adapters")
    for source in ADAPTERS:
        copied = root / source.name
        shutil.copytree(source, copied, ignore=shutil.ignore_patterns("__pycache__"))
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
        subprocess.run(command, cwd=copied, check=True, capture_output=True)
    return sorted(root.glob("*/dist/*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, adapters: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheels are installed, without their dependencies."""
    target = tmp_path_factory.mktemp("installed")
    command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps", "--no-cache"]
    subprocess.run(
        [*command, "--python", sys.executable, "--target", str(target), str(wheel), *map(str, adapters)], check=True
    )
    return target


def _run(installed: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=installed.parent, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_tree_and_nothing_private(tree: Path, wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"{target}/{path.relative_to(tree / source).as_posix()}"
        for source, target in FOLDERS.items()
        for path in (tree / source).rglob("*")
        if path.is_file() and path.relative_to(tree).as_posix() not in PRIVATE
        if source != "tests/golden" or path.suffix == ".jsonl"
    }
    code = {name for name in names if not name.startswith(f"reply_copilot-{__version__}.dist-info/")}
    assert code == expected
    assert {name.split("/")[0] for name in code} == {"copilot"}


def test_the_installed_command_runs(installed: Path) -> None:
    script = str(installed / "bin" / "reply-copilot")
    assert _run(installed, script, "--version") == f"reply-copilot {__version__}\n"


def test_the_installed_package_finds_its_own_folders(installed: Path) -> None:
    code = (
        "from copilot import assets; from pathlib import Path;"
        "print(*assets.prompt_folders(), *assets.policy_folders(), assets.golden_folder(), sep='\\n')"
    )
    found = _run(installed, sys.executable, "-c", code).split()
    assert found == [str(installed / "copilot" / name) for name in ("prompts", "policies", "golden")]


def test_the_installed_package_checks_a_text(installed: Path) -> None:
    code = (
        "from copilot.assets import policy_folders; from copilot.policy import load_pack;"
        "print(load_pack('douyin.cn', policy_folders()).check('加我微信').decision.value)"
    )
    assert _run(installed, sys.executable, "-c", code) == "block\n"


def test_the_installed_adapters_are_found_with_their_emulators(installed: Path) -> None:
    code = (
        "import sys; from importlib.metadata import entry_points; from copilot.channel.registry import installed;"
        "found = installed(); assert not found.broken, found.broken;"
        "places = [point.load() for point in entry_points(group='copilot.emulators')];"
        "print(*found.names(), *sorted(sys.modules[place.__module__].__file__ for place in places), sep='\\n')"
    )
    names = [source.name for source in ADAPTERS]
    told = _run(installed, sys.executable, "-c", code).split()
    assert told[: len(names)] == names
    assert all(place.startswith(str(installed)) for place in told[len(names) :])
    assert len(told) == 2 * len(names)


def test_the_installed_package_has_the_page_and_the_script_of_the_demonstration(installed: Path) -> None:
    code = (
        "from copilot.demo.script import read_script; from copilot.web import page_files;"
        "print(len(read_script().shoppers), (page_files.FOLDER / 'desk.html').is_file())"
    )
    shoppers, page = _run(installed, sys.executable, "-c", code).split()
    assert int(shoppers) > 5
    assert page == "True"
