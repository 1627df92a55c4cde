"""What a shop enters: the homeserver, the two tokens of its application service, its bot, and where its people sit."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from copilot.sdk import PresentingSettings

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def _address(value: str) -> str:
    parts = urlsplit(value)
    whole = not (parts.query or parts.fragment or parts.username) and not any(sign.isspace() for sign in value)
    # A token that travels in clear is everybody's; only this machine may be spoken to so.
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not (parts.hostname and whole and safe):
        raise ValueError("must be an address such as https://matrix.example.org")
    return value.rstrip("/")


def _filled(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("must not be empty")
    return value


def _user(value: str) -> str:
    if not (value.startswith("@") and ":" in value and not any(sign.isspace() for sign in value)):
        raise ValueError("must be an id such as @support:example.org")
    return value


def _room(value: str) -> str:
    if not value.startswith("!") or any(sign.isspace() for sign in value):
        raise ValueError("must be a room's id such as !abc:example.org; an alias (#…) is none")
    return value


def _users(value: str) -> str:
    for one in value.split(","):
        if one.strip():
            _user(one.strip())
    return value


class MatrixSettings(PresentingSettings):
    """The application service of one shop; the README says where each comes from."""

    homeserver: Annotated[str, AfterValidator(_address)] = Field(
        title="Homeserver",
        description="Where calls go, such as https://matrix.example.org. 服务器地址。",
        max_length=200,
    )
    as_token: Annotated[SecretStr, AfterValidator(_filled)] = Field(
        title="as_token", description="Of the registration file: makes our calls. 注册文件里的 as_token。"
    )
    hs_token: Annotated[SecretStr, AfterValidator(_filled)] = Field(
        title="hs_token", description="Of the registration file: signs deliveries. 注册文件里的 hs_token。"
    )
    bot: Annotated[str, AfterValidator(_user)] = Field(
        title="Bot",
        description="Who writes to buyers: sender_localpart with its server, @support:example.org. 机器人账号。",
        max_length=255,
    )
    agents_room: Annotated[str, AfterValidator(_room)] | None = Field(
        None,
        title="Agents' room",
        description="Id of the room where drafts are shown and decided; left out: on the desk only. "
        "显示和处理草稿的客服房间 ID;不填则只在工作台处理。",
        max_length=255,
    )
    colleagues: Annotated[str, AfterValidator(_users)] = Field(
        "",
        title="Colleagues",
        description="Ids of the shop's people who decide nothing here, with commas between: whoever is in neither list "
        "is a buyer. 不处理草稿的同事账号,用逗号隔开;不在两个名单里的都算买家。",
        max_length=20_000,
    )

    def presents(self) -> bool:
        """Where there is a room for it."""
        return self.agents_room is not None

    def is_ours(self, user: str) -> bool:
        """Whether ``user`` writes for the shop."""
        return (
            user == self.bot
            or self.login_of(user) is not None
            or user in (one.strip() for one in self.colleagues.split(","))
        )
