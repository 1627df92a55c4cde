import json

import pytest

from tests.conftest import Cli


@pytest.mark.feature("F128")
@pytest.mark.feature("F129")
def test_the_command_lists_refuses_and_dates(cli: Cli) -> None:
    done = cli(
        "force-majeure",
        *("--attach", "ship_from=statement", "--attach", "reason=screenshot:news.png"),
        *("--received", "2026-11-27T10:00+08:00", "--zone", "Asia/Shanghai"),
    )
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["missing"] == {"reason": ["statement", "official_document"], "orders": ["statement"]}
    assert [(one["item"], one["kind"], one["name"]) for one in told["refused"]] == [
        ("reason", "screenshot", "news.png")
    ]
    assert "截图" in told["refused"][0]["why"]["zh"]
    assert told["decided_by"] == "2026-11-29T10:00:00+08:00"
    assert told["effective_from"] == "2026-11-30T00:00:00+08:00"
    assert "news.png" in done.stderr


def test_a_complete_report_passes(cli: Cli) -> None:
    needed = ("ship_from=statement", "reason=statement", "reason=official_document", "orders=statement")
    done = cli("force-majeure", *(part for one in needed for part in ("--attach", one)))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["complete"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--attach", "reason"), "ITEM=KIND"),
        (("--attach", "resaon=statement"), "did you mean 'reason'"),
        (("--received", "2026-11-27T10:00"), "offset"),
        (("--received", "2026-11-27T10:00Z", "--profile", "douyin.cn"), "takes no reports"),
        (("--received", "2026-11-27T10:00Z"), "time zone"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    done = cli("force-majeure", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
