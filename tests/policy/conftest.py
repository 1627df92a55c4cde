from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.assets import policy_folders
from copilot.policy import Pack, load_pack

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(scope="session")
def folders() -> tuple[Path, ...]:
    return policy_folders()


@pytest.fixture(scope="session")
def pack(folders: tuple[Path, ...], compiled: Path) -> Pack:
    return load_pack("generic", folders, cache_dir=compiled)
