"""What is entered to connect an account of a Chatwoot, or one of its inboxes; the only place that builds addresses."""

from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from copilot.sdk import AdapterSettings

CLOUD: Final = "https://app.chatwoot.com"
"""Where the makers run it themselves; everybody else's is somewhere else."""


def _base(value: str) -> str:
    """An address that a path can be appended to: https, or anything on this machine."""
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://chat.example.com")
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
Number = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class ChatwootSettings(AdapterSettings):
    """One account, or with ``inbox_id`` one inbox of it; see the README for where each is found."""

    account_id: Number = Field(
        title="Account",
        description="The number behind /app/accounts/ in Chatwoot's address. 地址里 accounts 后的数字。",
    )
    access_token: Secret = Field(
        title="Access token", description="Profile settings of the user who replies. 个人资料里的访问令牌。"
    )
    webhook_secret: Secret = Field(
        title="Webhook secret", description="Settings, Integrations, Webhooks: Secret. Webhook 的签名密钥。"
    )
    inbox_id: Number | None = Field(
        default=None, title="Inbox", description="Only this inbox; empty: all of the account. 只接这个收件箱;空为全部。"
    )
    api_url: Address = Field(
        default=CLOUD, title="Address", description="Where your Chatwoot runs. 你的 Chatwoot 的网址。"
    )

    notes: bool = Field(
        default=True,
        title="Notes",
        description="Drafts stand in the conversation as private notes. 草稿以私密备注显示在会话里。",
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
