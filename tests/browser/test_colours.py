"""Text can be read: every pair of colours used together has the contrast that WCAG AA asks for."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "copilot/web/static/card/tokens.css").read_text()
GROUNDS = ("ground", "surface", "raised", "hover")
PAIRS = [
    *((text, ground) for text in ("text", "soft") for ground in GROUNDS),
    *(("faint", ground) for ground in ("ground", "surface", "raised")),
    *((colour, ground) for colour in ("warn", "bad", "good", "accent-strong") for ground in ("surface", "raised")),
    *((f"{colour}", f"{colour}-soft") for colour in ("warn", "bad", "good")),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("text", "value"),
    ("text", "bubble"),
    ("text", "bubble-shop"),
    ("text", "warn-soft"),
    ("soft", "value"),
    ("computed-text", "computed"),
    ("faint", "ground"),
]


def _scheme(dark: bool) -> dict[str, tuple[int, ...]]:
    light, _, shade = TOKENS.partition("@media (prefers-color-scheme: dark)")
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", light + (shade if dark else ""))
    return {name: tuple(bytes.fromhex(value)) for name, value in found}


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(text: str, ground: str, dark: bool) -> None:
    colours = _scheme(dark)
    one, other = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5
