"""What a shop's owner enters; titles and descriptions are what people read."""

from pydantic import Field, SecretStr

from copilot.sdk import AdapterSettings


class ShopletSettings(AdapterSettings):
    """The keys of one shop."""

    access_token: SecretStr = Field(min_length=1, title="Access token", description="Makes calls. 接口令牌。")
    api_url: str = Field(
        "https://api.shoplet.example",
        title="Address",
        description="Where calls go; leave it. 接口地址,一般不用改。",
        pattern=r"^https?://[^\s/?#@]+$",
        max_length=200,
    )
