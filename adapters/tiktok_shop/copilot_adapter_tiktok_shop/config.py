"""What a shop's owner enters to connect a TikTok shop; the only place that knows the platform's addresses."""

from typing import Final

from pydantic import AwareDatetime, Field, SecretStr

from copilot.sdk import AdapterSettings, AfterSalePage, ConversationPage, OrderPage, ProductPage
from copilot.sdk.fields import BaseAddress, FilledSecret

API_URL: Final = "https://open-api.tiktokglobalshop.com"
AUTH_URL: Final = "https://auth.tiktok-shops.com"


class TikTokShopSettings(AdapterSettings):
    """The keys of the app and what the shop's owner granted it; see the README for where each is found."""

    app_key: str = Field(min_length=1, title="App key", description="Partner Center, the app's page: App key.")
    app_secret: FilledSecret = Field(title="App secret", description="Partner Center, the app's page: App secret.")
    access_token: FilledSecret = Field(title="Access token", description="Issued when the shop authorizes the app.")
    refresh_token: SecretStr | None = Field(
        default=None, title="Refresh token", description="Issued beside the access token; without it a person renews."
    )
    access_token_expires_at: AwareDatetime | None = Field(
        default=None, title="Access token expires at", description="When the access token ends (RFC 3339)."
    )
    shop_cipher: FilledSecret = Field(
        title="Shop cipher", description="The shop's cipher, as Get Authorized Shops tells it."
    )
    api_url: BaseAddress = Field(default=API_URL, title="Interface", description="Where calls go; leave it as it is.")
    auth_url: BaseAddress = Field(default=AUTH_URL, title="Tokens", description="Where tokens are renewed; leave it.")
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
