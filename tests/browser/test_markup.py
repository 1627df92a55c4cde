"""What a stranger can write into a name, a text, a card or a tag is shown as it was written and is never markup."""

from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.canned import draft_view
from tests.browser.conftest import Desk
from tests.browser.steps import open_desk

_DOES: Final = "window.owned=1"
_OPENINGS: Final = ("", '">', "'>", "</p>", "</textarea>", "</script>", "-->", "]]>")
_SHAPES: Final = (
    "<script>{}</script>",
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<b onmouseover={}>here</b>",
)
PAYLOADS: Final = (
    *(opening + shape.format(_DOES) for opening in _OPENINGS for shape in _SHAPES),
    f"<a href='javascript:{_DOES}'>here</a>",
    f"<math><mtext><img src=x onerror={_DOES}></mtext></math>",
    f"<style>@import 'javascript:{_DOES}';</style>",
    f"<object data='javascript:{_DOES}'></object>",
    f"<ScRiPt>{_DOES}</sCrIpT>",
    f"\u202e<img src=x onerror={_DOES}>\u2066",
    f"&lt;img src=x onerror={_DOES}&gt;",
    f"&#60;script&#62;{_DOES}",
    "<meta http-equiv=refresh content=0;url=/elsewhere>",
    "<base href=//elsewhere.example/>",
    "<form action=/api/logout><button>here</button></form>",
    f"{{{{constructor.constructor('{_DOES}')()}}}}",
    "${" + _DOES + "}",
    "<template><script>" + _DOES + "</script></template>",
)
_FOREIGN: Final = "script, iframe, object, embed, meta, base, style, math, template, [onerror], [onload], [ontoggle]"


def _message(number: int, text: str, at: str) -> dict[str, Any]:
    none = dict.fromkeys(("order_id", "product_id", "media", "sent_by", "agent", "draft", "recalled_at"))
    kind = "order" if number % 2 else "text"
    return {**none, "id": f"p{number}", "role": "buyer", "kind": kind, "text": text, "sent_at": at}


@pytest.mark.parametrize("where", ["texts and cards", "names, tags and the draft"])
async def test_no_payload_is_markup(page: Page, desk: Desk, where: str) -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 50
    attacked = desk.mock.conversations["c-hostile"]
    at = attacked["messages"][0]["sent_at"]
    if where == "texts and cards":
        attacked["messages"] = [_message(number, text, at) for number, text in enumerate(PAYLOADS)]
    else:
        attacked["buyer"].update(nickname=" ".join(PAYLOADS), tags=list(PAYLOADS))
        attacked["card"]["draft"] = draft_view("\n".join(PAYLOADS), "zh")
        attacked["card"].update(look_at=list(PAYLOADS), unknown=list(PAYLOADS), button=PAYLOADS[0])
    await open_desk(page, desk, "c-hostile")

    shown = page.locator("main")
    for text in PAYLOADS if where == "texts and cards" else (" ".join(PAYLOADS), PAYLOADS[0], PAYLOADS[-1]):
        await expect(shown).to_contain_text(text)
    assert await shown.locator(_FOREIGN).count() == 0
    assert await shown.locator("img, form[action], a[href^=javascript]").count() == 0
    assert await page.evaluate("window.owned") is None
    assert page.url.startswith(desk.url)


async def test_no_payload_is_markup_where_tags_are_kept(page: Page, desk: Desk) -> None:
    desk.mock.tags["c-hostile"] = list(PAYLOADS)
    desk.mock.conversations["c-hostile"]["buyer"]["tags"] = list(PAYLOADS)
    await open_desk(page, desk, "c-hostile")
    await page.keyboard.press("l")
    sheet = page.locator("dialog[open]")
    await expect(sheet).to_contain_text(PAYLOADS[-1])
    for text in PAYLOADS:
        await expect(sheet).to_contain_text(text)
    assert await sheet.locator(_FOREIGN).count() == 0
    assert await page.evaluate("window.owned") is None
