"""The platform's published and derived signature vectors, and what a check does with rubbish."""

import pytest
from copilot_adapter_douyin.signing import (
    SignMethod,
    param_json,
    push_is_genuine,
    sign_call,
    sign_push,
    sign_spi,
    spi_is_genuine,
)
from hypothesis import given
from hypothesis import strategies as st

KEY = "6844048284663924231"
SECRET = "749698a6-fcb3-4358-b241-ec1d93cf9c1f"
TEST_PUSH = b'[{"tag":"0","msg_id":"0","data":"2020-09-10T16:27:56.52842897+08:00"}]'
ORDER_PUSH = (
    rb'[{"tag":"100","msg_id":"0428812345679348874::100:1618990587:6837374412345679128",'
    rb'"data":"{\"p_id\":12345,\"s_ids\":[12345],\"shop_id\":12345,\"order_status\":1,\"order_type\":0,'
    rb'\"create_time\":1618990587,\"biz\":2}"}]'
)


@pytest.mark.parametrize(
    ("method", "sign"),
    [
        pytest.param(
            "hmac-sha256", "a84fc5747114e63196565192a19f80d9d78819b8c8f5940eeb282bf78260901d", id="D1 published"
        ),
        pytest.param("md5", "0a1288b4f742252692e6d5e006035e82", id="D1m"),
    ],
)
def test_a_call_is_signed_as_the_platform_shows(method: SignMethod, sign: str) -> None:
    params = param_json({"size": "20", "page": "0"})
    assert params == '{"page":"0","size":"20"}'
    assert (
        sign_call(
            app_key=KEY,
            app_secret=SECRET,
            method="product.list",
            params=params,
            timestamp="2020-07-05 22:33:59",
            sign_method=method,
        )
        == sign
    )


def test_chinese_and_markup_are_signed_unescaped_d2() -> None:
    params = param_json({"z": {"b": 1, "a": 2}, "shop_order_id": "4705288465508532862", "remark": "<b>你好 & 再见</b>"})
    assert params == '{"remark":"<b>你好 & 再见</b>","shop_order_id":"4705288465508532862","z":{"a":2,"b":1}}'
    sign = sign_call(app_key=KEY, app_secret=SECRET, method="order.orderDetail", params=params, timestamp="1618990587")
    assert sign == "258ffecc1163e70eb75abb9298c4adb902306c07feae8acd2c9e7519904ed49d"


def test_no_parameters_are_an_empty_object_and_lists_keep_their_order() -> None:
    assert param_json({}) == "{}"
    assert param_json({"a": [{"d": 1, "c": "/"}, 3, 2]}) == '{"a":[{"c":"/","d":1},3,2]}'


@pytest.mark.parametrize(
    ("method", "sign"),
    [
        ("md5", "c7a8fa7b3b1f687e28d8c74ca2e364e1"),
        ("hmac-sha256", "9259cb750708ec041eec05d11fdf9f83d6e09ac5da6450bf4c735605a505cbe8"),
    ],
)
def test_an_spi_call_s1(method: SignMethod, sign: str) -> None:
    when = "2020-07-05 22:33:59"
    params = '{"a":1,"b":"x"}'
    assert sign_spi(app_key=KEY, app_secret=SECRET, params=params, timestamp=when, sign_method=method) == sign
    assert spi_is_genuine(
        sign, app_key=KEY, app_secret=SECRET, params={"b": "x", "a": 1}, timestamp=when, sign_method=method
    )
    assert not spi_is_genuine(
        sign, app_key=KEY, app_secret=SECRET, params={"b": "x", "a": 2}, timestamp=when, sign_method=method
    )


def test_an_spi_call_may_be_signed_with_markup_escaped() -> None:
    escaped = sign_spi(app_key=KEY, app_secret=SECRET, params='{"a":"\\u003cb\\u003e \\u0026"}', timestamp="1")
    assert spi_is_genuine(escaped, app_key=KEY, app_secret=SECRET, params={"a": "<b> &"}, timestamp="1")


@pytest.mark.parametrize(
    ("body", "sign"),
    [(TEST_PUSH, "8cd37c3629da71b01b07027fd9b85d2b"), (ORDER_PUSH, "6c078427f641334d577e084b5a37fb86")],
    ids=["test of the address", "order created"],
)
def test_a_push(body: bytes, sign: str) -> None:
    assert sign_push(body, app_key=KEY, app_secret=SECRET) == sign
    assert push_is_genuine(sign, body, app_key=KEY, app_secret=SECRET)
    assert not push_is_genuine(sign, body + b" ", app_key=KEY, app_secret=SECRET)
    assert not push_is_genuine(sign, body, app_key=KEY, app_secret=SECRET[:-1])


@given(st.text(), st.binary())
def test_no_header_makes_the_check_raise_or_pass(header: str, body: bytes) -> None:
    assert not push_is_genuine(header, body, app_key=KEY, app_secret=SECRET)
