"""The platform's payloads, as far as they are read: tolerant of unknown keys, of ids as numbers, of absent lists.

No field that holds a buyer's name, phone or address stands here, encrypted or not: what is not declared is never kept.
Of the masked address the province alone is read.
"""

from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue


class Wire(BaseModel):
    """A payload of the platform; errors never repeat what it held."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


def _text(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, int) else value


def _number(value: object) -> object:
    return 0 if value in (None, "") else value


def _list(value: object) -> object:
    return () if value is None else value


def _object(value: object) -> object:
    return cast("dict[object, object]", value) if isinstance(value, dict) else None


Key = Annotated[str, BeforeValidator(_text)]
"""An id, sent as text or as a 64-bit number; "" when absent."""
Number = Annotated[int, BeforeValidator(_number)]
"""A whole number: fen, unix seconds, a state; 0 when absent."""
Flag = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value)]
"""A number whose 0 means something, so that absent is None."""


class Envelope(Wire):
    """Every answer: ``code`` 10000 is success; the old form says ``err_no`` 0 and ``message``."""

    code: Flag = None
    err_no: Flag = None
    sub_code: Key = ""
    sub_msg: Key = ""
    log_id: Key = ""
    data: JsonValue = None


class Spec(Wire):
    """A property of a variant ("颜色": "天青")."""

    name: Key = ""
    value: Key = ""


class SkuOrder(Wire):
    """A line of an order; amounts in fen, ``pay_amount`` for the whole line, ``origin_amount`` per unit."""

    order_id: Key = ""
    product_id: Key = ""
    product_id_str: Key = ""
    product_name: Key = ""
    sku_id: Key = ""
    spec: Annotated[tuple[Spec, ...], BeforeValidator(_list)] = ()
    item_num: Number = 0
    origin_amount: Flag = None
    pay_amount: Flag = None
    order_status: Number = 0
    logistics_receipt_time: Number = 0


class ParcelProduct(Wire):
    """What a parcel holds, as far as lines can be told by it."""

    sku_order_id: Key = ""
    sku_id: Key = ""


class Parcel(Wire):
    """A parcel of an order; ``company`` is the carrier's code, ``company_name`` its name."""

    tracking_no: Key = ""
    company: Key = ""
    company_name: Key = ""
    ship_time: Number = 0
    product_info: Annotated[tuple[ParcelProduct, ...], BeforeValidator(_list)] = ()


class Province(Wire):
    """A province by its Chinese name."""

    name: Key = ""


class MaskedAddress(Wire):
    """The masked address, as far as its province."""

    province: Annotated[Province | None, BeforeValidator(_object)] = None


class ShopOrder(Wire):
    """An order as ``order.orderDetail`` and ``order.searchList`` tell it; ``doudian_open_id`` is its buyer's key."""

    order_id: Key = ""
    shop_id: Key = ""
    order_status: Number = 0
    main_status: Number = 0
    create_time: Number = 0
    update_time: Number = 0
    pay_time: Number = 0
    exp_ship_time: Number = 0
    order_amount: Flag = None
    pay_amount: Flag = None
    doudian_open_id: Key = ""
    mask_post_addr: Annotated[MaskedAddress | None, BeforeValidator(_object)] = None
    logistics_info: Annotated[tuple[Parcel, ...], BeforeValidator(_list)] = ()
    sku_order_list: Annotated[tuple[SkuOrder, ...], BeforeValidator(_list)] = ()


class OrderDetail(Wire):
    """``order.orderDetail``."""

    shop_order_detail: ShopOrder | None = None


class OrderPage(Wire):
    """``order.searchList``; pages count from 0."""

    page: Number = 0
    total: Number = 0
    shop_order_list: Annotated[tuple[ShopOrder, ...], BeforeValidator(_list)] = ()


class RouteNode(Wire):
    """A scan of a parcel; ``timestamp`` in unix seconds."""

    content: Key = ""
    timestamp: Number = 0
    state: Key = ""
    state_description: Key = ""


class Route(Wire):
    """``logistics.trackNoRouteDetail``; the platform spells the list with two underscores."""

    route__node_list: Annotated[tuple[RouteNode, ...], BeforeValidator(_list)] = ()


class AfterSaleInfo(Wire):
    """An after-sale request; amounts in fen, times in unix seconds."""

    aftersale_id: Key = ""
    aftersale_type: Flag = None
    aftersale_status: Number = 0
    refund_amount: Flag = None
    status_deadline: Number = 0
    apply_time: Number = 0
    update_time: Number = 0


class AfterSaleOrder(Wire):
    """Which order a request belongs to."""

    shop_order_id: Key = ""


class AfterSaleItem(Wire):
    """A row of ``afterSale.List``."""

    aftersale_info: AfterSaleInfo
    order_info: AfterSaleOrder = AfterSaleOrder()


class AfterSalePage(Wire):
    """``afterSale.List``; pages count from 0."""

    items: Annotated[tuple[AfterSaleItem, ...], BeforeValidator(_list)] = ()
    has_more: bool = False


class AfterSaleFacts(Wire):
    """What is read of a request's detail: what really went back, in fen."""

    after_sale_id: Key = ""
    real_refund_amount: Flag = None


class AfterSaleProcess(Wire):
    """Where the detail has it."""

    after_sale_info: AfterSaleFacts = AfterSaleFacts()


class AfterSaleDetail(Wire):
    """``afterSale.Detail``; its names are spelled otherwise than the list's."""

    process_info: AfterSaleProcess = AfterSaleProcess()


class Tokens(Wire):
    """``token.create`` and ``token.refresh``; ``expires_in`` in seconds."""

    access_token: Key = ""
    refresh_token: Key = ""
    expires_in: Number = 0
    shop_id: Key = ""


class PushEntry(Wire):
    """One message of a push: ``tag`` 100 or "100", ``msg_id`` or ``msgId``, ``data`` as JSON text or as an object."""

    tag: Key
    msg_id: Key = ""
    data: Any = None
