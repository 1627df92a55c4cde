"""What a shop's own templates may lean on."""

from pathlib import Path
from typing import Any

import pytest

from copilot.assets import prompt_folders
from copilot.domain.plan import Act, Plan
from copilot.model.prompts import Prompts


@pytest.mark.feature("F072")
@pytest.mark.parametrize(("tags", "text"), [(("VIP",), "VIP您好，请讲。"), ((), "您好，请讲。")])
def test_a_template_may_ask_for_the_buyers_tags(say: Any, tmp_path: Path, tags: tuple[str, ...], text: str) -> None:
    (tmp_path / "write").mkdir()
    (tmp_path / "write" / "common.zh.j2").write_text(
        '{% block greet_greeting %}{% say %}{{ "VIP" if "VIP" in tags else "" }}您好，请讲。{% endsay %}{% endblock %}',
        encoding="utf-8",
    )
    prompts = Prompts((tmp_path, *prompt_folders()))
    assert say(Plan(act=Act.GREET, scene="greeting"), prompts=prompts, tags=tags).text == text
