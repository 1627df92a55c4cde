"""What a shop's owner enters; titles and descriptions are what people read."""

from pydantic import Field

from copilot.sdk import AdapterSettings
from copilot.sdk.fields import BaseAddress, FilledSecret


class ShopletSettings(AdapterSettings):
    """The keys of one shop."""

    secret: FilledSecret = Field(title="Secret", description="Signs deliveries. 推送签名密钥。")
    access_token: FilledSecret = Field(title="Access token", description="Makes calls. 接口令牌。")
    api_url: BaseAddress = Field(
        "https://api.shoplet.example", title="Address", description="Where calls go; leave it. 接口地址,一般不用改。"
    )
