"""What a shop enters: the homeserver, the two tokens of its application service, its bot, and where its people sit."""

from typing import Annotated

from pydantic import AfterValidator, Field

from copilot.sdk import PresentingSettings
from copilot.sdk.fields import BaseAddress, FilledSecret


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

    homeserver: BaseAddress = Field(
        title="Homeserver",
        description="Where calls go, such as https://matrix.example.org. 服务器地址。",
        max_length=200,
    )
    as_token: FilledSecret = Field(
        title="as_token", description="Of the registration file: makes our calls. 注册文件里的 as_token。"
    )
    hs_token: FilledSecret = Field(
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
