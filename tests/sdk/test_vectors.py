"""Every signature and sealed text that platforms show in public, or that their algorithm gives, and the test it is in.

The table is the list to complete when a further one becomes known; each value must stand in its test, word for word.
"""

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from tests.conftest import ROOT

TIKTOK: Final = "adapters/tiktok_shop/tests/test_signing.py"
DOUYIN: Final = "adapters/douyin/tests/test_signing.py"
CHATWOOT: Final = "adapters/chatwoot/tests/test_deliveries.py"
SIGNING: Final = "tests/sdk/test_signing.py"
SEALED: Final = "tests/sdk/test_encryption.py"

VECTORS: Final = {
    "TikTok Shop, call V1, published": (TIKTOK, "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"),
    "TikTok Shop, call V2, published": (TIKTOK, "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f"),
    "TikTok Shop, call V3": (TIKTOK, "a75b9c8cd57140cab6dc95bf31c37bd6ffface74210768b6517c0ff81659b0ba"),
    "TikTok Shop, call V4": (TIKTOK, "dc167d6d48ed09451e389b4a645b07577caba96dad81933b09ad34e61e58f287"),
    "TikTok Shop, delivery W1, published": (TIKTOK, "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"),
    "TikTok Shop, delivery W2": (TIKTOK, "21109834de72ec53c9959716d8514ae388ce1f123e5ffdcafc46713fcdf62b27"),
    "TikTok Shop, delivery W3": (TIKTOK, "55a125e699f42aa2b6dc888dac139aa82395ce9f8fffc6abcf99dfe7f1f844b5"),
    "Douyin, call D1, published": (DOUYIN, "a84fc5747114e63196565192a19f80d9d78819b8c8f5940eeb282bf78260901d"),
    "Douyin, call D1, md5": (DOUYIN, "0a1288b4f742252692e6d5e006035e82"),
    "Douyin, call D2": (DOUYIN, "258ffecc1163e70eb75abb9298c4adb902306c07feae8acd2c9e7519904ed49d"),
    "Douyin, SPI S1": (DOUYIN, "9259cb750708ec041eec05d11fdf9f83d6e09ac5da6450bf4c735605a505cbe8"),
    "Douyin, SPI S1, md5": (DOUYIN, "c7a8fa7b3b1f687e28d8c74ca2e364e1"),
    "Douyin, push, test of the address": (DOUYIN, "8cd37c3629da71b01b07027fd9b85d2b"),
    "Douyin, push, order created": (DOUYIN, "6c078427f641334d577e084b5a37fb86"),
    "Chatwoot, delivery": (SIGNING, "cf6a9b47e355fea1217e6ff0154bc01664745743bfa1a8305e23ff9dba6df801"),
    "Chatwoot, delivery, by the adapter": (
        CHATWOOT,
        "cf6a9b47e355fea1217e6ff0154bc01664745743bfa1a8305e23ff9dba6df801",
    ),
    "Slack, delivery, published": (SIGNING, "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    "Lark, delivery": (SIGNING, "d1902ce1eb90269cd7680903fe567e4192060797db7dcaf86aedee70d7e30040"),
    "Lark, press on a card": (SIGNING, "22896e2218e25852a027e0cfb795f2b5e10fe563"),
    "Lark, sealed text, published": (SEALED, "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="),
    "WeCom, signature of the test of an address, published": (SIGNING, "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"),
    "WeCom, sealed echo, published": (
        SEALED,
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    ),
    "WeCom, the echo opened, published": (SEALED, "1616140317555161061"),
    "WeCom, whom the echo is for, published": (SEALED, "wx5823bf96d3bd56c7"),
}
"""What it is, the file that holds a test of it, and the value. What Matrix does is tested against a real server."""


def literals(file: str) -> Iterator[str]:
    """Each text of the code of ``file``, its parts put together; comments are none."""
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_stands_in_the_test_that_carries_it(vector: str) -> None:
    file, value = VECTORS[vector]
    assert any(value in text for text in literals(file)), f"{file} has lost {vector}"
