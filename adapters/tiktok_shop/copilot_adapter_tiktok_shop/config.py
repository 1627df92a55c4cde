"""What a shop's owner enters to connect a TikTok shop; the only place that knows the platform's addresses."""

from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr

from copilot.sdk import AdapterSettings, AfterSalePage, ConversationPage, OrderPage, ProductPage

API_URL: Final = "https://open-api.tiktokglobalshop.com"
AUTH_URL: Final = "https://auth.tiktok-shops.com"


def _base(value: str) -> str:
    """An address that a path can be appended to: https, or anything on this machine."""
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://host")
    if parts.scheme != "https" and not (parts.scheme == "http" and _on_this_machine(parts.hostname)):
        raise ValueError("must begin with https:// (http:// is for this machine only)")
    return value.rstrip("/")


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _filled(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("must not be empty")
    return value


Address = Annotated[str, AfterValidator(_base)]
Secret = Annotated[SecretStr, AfterValidator(_filled)]


class TikTokShopSettings(AdapterSettings):
    """The keys of the app and what the shop's owner granted it; see the README for where each is found."""

    app_key: str = Field(min_length=1, title="App key", description="Partner Center, the app's page: App key.")
    app_secret: Secret = Field(title="App secret", description="Partner Center, the app's page: App secret.")
    access_token: Secret = Field(title="Access token", description="Issued when the shop authorizes the app.")
    refresh_token: SecretStr | None = Field(
        default=None, title="Refresh token", description="Issued beside the access token; without it a person renews."
    )
    access_token_expires_at: AwareDatetime | None = Field(
        default=None, title="Access token expires at", description="When the access token ends (RFC 3339)."
    )
    shop_cipher: Secret = Field(title="Shop cipher", description="The shop's cipher, as Get Authorized Shops tells it.")
    api_url: Address = Field(default=API_URL, title="Interface", description="Where calls go; leave it as it is.")
    auth_url: Address = Field(default=AUTH_URL, title="Tokens", description="Where tokens are renewed; leave it.")
    conversation_page: ConversationPage | None = Field(
        default=None, title="Page of a conversation", description="Seller Center address with {conversation}."
    )
    order_page: OrderPage | None = Field(
        default=None, title="Page of an order", description="Seller Center address with {order}."
    )
    after_sale_page: AfterSalePage | None = Field(
        default=None, title="Page of a return or refund", description="Address with {order}, {after_sale} or both."
    )
    product_page: ProductPage | None = Field(
        default=None, title="Page of a product", description="Seller Center address with {product}."
    )

    def app_id(self) -> str | None:
        """The app's key, which the platform signs deliveries with."""
        return self.app_key
