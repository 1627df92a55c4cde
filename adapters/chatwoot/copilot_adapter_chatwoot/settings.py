"""What is entered to connect an account of a Chatwoot, or one of its inboxes; the only place that builds addresses."""

from typing import Annotated, Final

from pydantic import Field

from copilot.sdk import AdapterSettings
from copilot.sdk.fields import BaseAddress, FilledSecret

CLOUD: Final = "https://app.chatwoot.com"
"""Where the makers run it themselves; everybody else's is somewhere else."""


Number = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
AttributeKey = Annotated[str, Field(max_length=100)]


class ChatwootSettings(AdapterSettings):
    """One account, or with ``inbox_id`` one inbox of it; see the README for where each is found."""

    account_id: Number = Field(
        title="Account",
        description="The number behind /app/accounts/ in Chatwoot's address. 地址里 accounts 后的数字。",
    )
    access_token: FilledSecret = Field(
        title="Access token", description="Profile settings of the user who replies. 个人资料里的访问令牌。"
    )
    webhook_secret: FilledSecret = Field(
        title="Webhook secret", description="Settings, Integrations, Webhooks: Secret. Webhook 的签名密钥。"
    )
    inbox_id: Number | None = Field(
        default=None, title="Inbox", description="Only this inbox; empty: all of the account. 只接这个收件箱;空为全部。"
    )
    api_url: BaseAddress = Field(
        default=CLOUD, title="Address", description="Where your Chatwoot runs. 你的 Chatwoot 的网址。"
    )

    notes: bool = Field(
        default=True,
        title="Notes",
        description="Drafts stand in the conversation as private notes. 草稿以私密备注显示在会话里。",
    )

    options: bool = Field(
        default=False,
        title="Options",
        description="Your own client of an API inbox shows options (input_select) to tap; a web chat always does. "
        "API 收件箱的自有客户端能显示可点选的选项;网页聊天总是可以。",
    )

    level_attribute: AttributeKey = Field(
        default="",
        title="Level attribute",
        description="Key of the contact's custom attribute that holds the buyer's level; empty: none. "
        "联系人自定义属性里存放买家等级的键;空为没有。",
    )

    tags_attribute: AttributeKey = Field(
        default="",
        title="Tags attribute",
        description="Key of the contact's custom attribute that holds the buyer's tags, with commas between. "
        "联系人自定义属性里存放买家标签的键,标签用逗号隔开。",
    )

    def presents(self) -> bool:
        """Whether drafts stand in Chatwoot's window; they are decided on the desk."""
        return self.notes

    @property
    def account_url(self) -> str:
        """What every call of the account begins with."""
        return f"{self.api_url}/api/v1/accounts/{self.account_id}"

    @property
    def conversation_page(self) -> str | None:
        """The page of a conversation as a template; None where the back office is not on https."""
        if not self.api_url.startswith("https://") or "{" in self.api_url:
            return None
        return f"{self.api_url}/app/accounts/{self.account_id}/conversations/{{conversation}}"
