"""The published and derived vectors of both signatures."""

import json

import pytest
from copilot_adapter_tiktok_shop.signing import same, sign_call, sign_delivery
from hypothesis import given
from hypothesis import strategies as st

CALLS = {
    "V1": (
        "e59af819cc",
        "/authorization/202309/shops",
        {"app_key": "29a39d", "timestamp": "1623812664"},
        b"",
        "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8",
    ),
    "V2": (
        "app_secret",
        "/test-api",
        {"foo": "bar"},
        b"",
        "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f",
    ),
    "V3": (
        "e59af819cc",
        "/event/202309/webhooks",
        {
            "app_key": "68xu9ks5p4i8",
            "shop_cipher": "ROW_xkMbgAAAeVAQra0eZWebFQq5aIKt",
            "timestamp": "1696909648",
        },
        b'{"address":"https://partner.tiktokshop.com","event_type":"PACKAGE_UPDATE"}',
        "a75b9c8cd57140cab6dc95bf31c37bd6ffface74210768b6517c0ff81659b0ba",
    ),
    "V4": (
        "e59af819cc",
        "/customer_service/202309/conversations/7494560109732334262/messages",
        {"app_key": "29a39d", "shop_cipher": "ROW_abc", "timestamp": "1623812664"},
        rb'{"type":"TEXT","content":"{\"content\":\"hi\"}"}',
        "dc167d6d48ed09451e389b4a645b07577caba96dad81933b09ad34e61e58f287",
    ),
}

W3 = (
    rb'{"type":14,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1644412885,'
    rb'"data":{"content":"{\"content\":\"444\"}","conversation_id":"710688832392260838","create_time":1681790246,'
    rb'"is_visible":true,"message_id":"722323407926368819","index":"7494560109732334274","type":"TEXT",'
    rb'"sender":{"im_user_id":"707885565181165594","role":"BUYER"}}}'
)

DELIVERIES = {
    "W1": (
        "abcdef",
        "123",
        b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,'
        b'"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID",'
        b'"update_time":1718305585}}',
        "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05",
    ),
    "W2": (
        "fake_app_key",
        "fake_app_secret",
        b'{"type":1,"shop_id":"7494726673780148744","timestamp":1664095733,"data":{"order_id":"576684019603311365",'
        b'"order_status":"AWAITING_SHIPMENT","update_time":1664095610}}',
        "21109834de72ec53c9959716d8514ae388ce1f123e5ffdcafc46713fcdf62b27",
    ),
    "W3": ("abcdef", "123", W3, "55a125e699f42aa2b6dc888dac139aa82395ce9f8fffc6abcf99dfe7f1f844b5"),
}


@pytest.mark.parametrize("vector", CALLS)
def test_a_call_is_signed_as_the_platform_signs_it(vector: str) -> None:
    secret, path, query, body, expected = CALLS[vector]
    assert sign_call(secret, path, query, body) == expected


@pytest.mark.parametrize("vector", DELIVERIES)
def test_a_delivery_is_signed_as_the_platform_signs_it(vector: str) -> None:
    app_key, secret, body, expected = DELIVERIES[vector]
    assert sign_delivery(app_key, secret, body) == expected


def test_sign_and_token_are_no_part_of_what_is_signed() -> None:
    secret, path, query, body, expected = CALLS["V4"]
    assert sign_call(secret, path, {**query, "sign": "x", "access_token": "y"}, body) == expected


def test_every_part_of_a_call_is_signed() -> None:
    secret, path, query, body, expected = CALLS["V4"]
    others = {
        sign_call(secret, f"{path}/read", query, body),
        sign_call(secret, path, {**query, "timestamp": "1623812665"}, body),
        sign_call(secret, path, {**query, "page_size": "1"}, body),
        sign_call(secret, path, query, body + b" "),
        sign_call("other", path, query, body),
    }
    assert len(others) == 5
    assert expected not in others


def test_the_raw_bytes_are_signed_and_not_their_meaning() -> None:
    again = json.dumps(json.loads(W3)).encode()
    assert sign_delivery("abcdef", "123", again) != DELIVERIES["W3"][3]


@given(st.text(max_size=80))
def test_garbage_is_refused_without_raising(header: str) -> None:
    assert not same(header, DELIVERIES["W3"][3])


def test_a_lone_surrogate_in_the_header_is_refused_without_raising() -> None:
    assert not same("\udc80", DELIVERIES["W3"][3])
