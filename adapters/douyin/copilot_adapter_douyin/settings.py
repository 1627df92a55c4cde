"""What a shop enters to be connected: the platform's app and tokens, and the relay that carries its chat.

The numbers that stand here are how much is read, chosen by us; the platform's limits stand beside their calls.
"""

from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from copilot.sdk import AdapterSettings, AfterSalePage, ConversationPage, OrderPage, ProductPage
from copilot.sdk.fields import BaseAddress
from copilot_adapter_douyin.signing import SignMethod

API_URL: Final = "https://openapi-fxg.jinritemai.com"
"""The platform's host for calls."""
SELF_USE: Final = "self_use"
"""An app of the shop's own, which asks for tokens by itself."""
WORKSPACE: Final = "https://im.jinritemai.com/pc_seller_v2/main/workspace"
"""Where agents chat in a browser; it opens no conversation by its id."""


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 32:
        raise ValueError("must have at least 32 characters")
    return value


class DouyinSettings(AdapterSettings):
    """A shop of Douyin Shop. Without a relay's address people send the replies; without its secret no chat comes in."""

    app_key: str = Field(min_length=1, title="App Key", description="开放平台应用的 app_key")
    app_secret: SecretStr = Field(min_length=1, title="App Secret", description="开放平台应用的 app_secret")
    access_token: SecretStr | None = Field(
        None, min_length=1, title="Access token", description="店铺授权后的 access_token;由系统自己获取时不填"
    )
    refresh_token: SecretStr | None = Field(
        None, title="Refresh token", description="店铺授权后的 refresh_token;没有则到期后需重新授权"
    )
    access_token_expires_at: datetime | None = Field(
        None, title="Access token expires at", description="access_token 的到期时间"
    )
    tokens_from: Literal["entered", "self_use"] = Field(
        "entered", title="First tokens", description="自用型应用填 self_use,由系统自己获取令牌;否则填写令牌或授权 code"
    )
    authorization_code: SecretStr | None = Field(
        None, title="Authorization code", description="服务市场应用授权回调里的 code,十分钟内有效,只用一次"
    )
    relay_url: BaseAddress | None = Field(
        None, title="Relay address", description="会话通道的地址(CHAT.md);不填则回复由客服在飞鸽里自己发送"
    )
    relay_secret: Annotated[SecretStr, AfterValidator(_long_enough)] | None = Field(
        None, title="Relay secret", description="与会话通道共用的签名密钥,至少 32 个字符;不填则收不到会话"
    )
    api_url: BaseAddress = Field(API_URL, title="Platform address", description="平台接口地址,一般不用改")
    sign_method: SignMethod = Field("hmac-sha256", title="Signature", description="接口签名方式,一般不用改")
    calls_per_second: float | None = Field(
        None, gt=0, title="Calls per second", description="每秒最多几次;平台没有公开限额,被限流时再填"
    )
    recent_days: int = Field(30, ge=1, le=180, title="Days of orders", description="查找买家近几天的订单")
    recent_pages: int = Field(
        3, ge=0, le=50, title="Pages of orders", description="最多翻几页全店订单(每页 100 单)来找买家的订单"
    )
    recent_orders: int = Field(10, ge=1, le=50, title="Orders per buyer", description="每位买家最多取几单")
    conversation_page: ConversationPage | None = Field(
        WORKSPACE, title="Page of a conversation", description="会话后台地址,可含 {conversation};默认打开飞鸽工作台"
    )
    order_page: OrderPage | None = Field(
        None, title="Page of an order", description="商家后台订单页地址,用 {order} 代表订单号"
    )
    after_sale_page: AfterSalePage | None = Field(
        None, title="Page of an after-sale", description="售后页地址,用 {order}、{after_sale} 代表订单号和售后单号"
    )
    product_page: ProductPage | None = Field(
        None, title="Page of a product", description="商品页地址,用 {product} 代表商品编号"
    )

    @model_validator(mode="after")
    def _relay_is_whole(self) -> Self:
        # The secret alone: chat comes in, and people send the replies themselves.
        if self.relay_url is not None and self.relay_secret is None:
            raise ValueError("relay_url needs relay_secret")
        return self

    @model_validator(mode="after")
    def _has_access(self) -> Self:
        entered = (self.access_token, self.refresh_token, self.authorization_code)
        if self.tokens_from != SELF_USE and not any(entered):
            raise ValueError("access_token, refresh_token or authorization_code is missing, or tokens_from=self_use")
        return self

    def app_id(self) -> str | None:
        """The app key: the test of a push address names no shop, only the app."""
        return self.app_key
