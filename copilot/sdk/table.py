"""Every capability with what users lose where a platform, or its adapter, does not have it; in both languages."""

from dataclasses import dataclass
from typing import Final

from copilot.sdk import capabilities, cards, faces, inbound, notes, reception


@dataclass(frozen=True)
class Capability:
    """A capability: its stable ``name``, the ``protocol`` that declares it, and what is lost without it.

    ``lost_en`` and ``lost_zh`` say that to people, in English and Chinese.
    """

    name: str
    protocol: type
    lost_en: str
    lost_zh: str

    def lost(self, language: str) -> str:
        """What users lose, for readers of ``language`` ("zh", else English)."""
        return self.lost_zh if language == "zh" else self.lost_en


MODES: Final = (
    Capability("webhook", inbound.Webhook, "the platform cannot call us", "平台无法主动推送"),
    Capability("poll", inbound.Polling, "messages cannot be asked for", "无法主动拉取消息"),
    Capability("connect", inbound.Connecting, "no standing connection", "没有长连接"),
)
"""The ways in; an adapter needs one of them, and what another one would add is only speed."""

CAPABILITIES: Final = (
    Capability(
        "orders",
        capabilities.Orders,
        "drafts know no order: no dates, amounts or options that depend on one",
        "草稿看不到订单:没有时间、金额和依赖订单的方案",
    ),
    Capability(
        "products",
        capabilities.Products,
        "goods are known only as far as the shop entered them itself",
        "商品信息只有店铺自己录入的部分",
    ),
    Capability(
        "history",
        capabilities.History,
        "a reply whose call broke off is left to a person (unless the platform has idempotent sends)",
        "发送中断的回复只能由人确认(平台支持幂等发送时除外)",
    ),
    Capability(
        "refreshing",
        capabilities.Refreshing,
        "access that expires is entered again by hand",
        "授权到期后要手工重新录入",
    ),
    Capability(
        "links",
        capabilities.Links,
        "no link from a conversation, an order or a to-do into the back office",
        "会话、订单和待办没有跳转到商家后台的链接",
    ),
    Capability(
        "attachments",
        capabilities.Attachments,
        "pictures behind a login are not shown on the desk",
        "需要登录才能看的图片在工作台上不显示",
    ),
    Capability(
        "read_marks",
        capabilities.ReadMarks,
        "the platform's own window goes on counting messages as unread",
        "平台自己的窗口里消息一直显示未读",
    ),
    Capability("images", cards.Images, "no pictures can be sent", "不能发送图片"),
    Capability("videos", cards.Videos, "no videos can be sent", "不能发送视频"),
    Capability(
        "cards",
        cards.Cards,
        "no cards of products, orders, parcels, returns or coupons can be sent",
        "不能发送商品、订单、物流、退货、优惠券卡片",
    ),
    Capability(
        "faq_cards",
        cards.FaqCards,
        "the questions of a greeting are a numbered list that the buyer answers by number",
        "欢迎语的常见问题只能以编号列表发出,买家回复编号",
    ),
    Capability(
        "opening",
        capabilities.Opening,
        "the shop cannot write first about an order",
        "不能就订单主动联系买家",
    ),
    Capability(
        "attending",
        reception.Attending,
        "whom the platform gave a conversation is known only where it tells so by itself",
        "会话由平台分给了谁,只有平台主动推送时才知道",
    ),
    Capability(
        "service",
        reception.Service,
        "the platform's own figures of the shop's service are not shown beside ours",
        "看不到平台统计的店铺客服数据,只有我们自己的统计",
    ),
    Capability(
        "avatar_review",
        faces.AvatarReview,
        "an agent's picture is shown on our desk only, and reviewed by nobody",
        "客服头像只在我们的工作台显示,不经平台审核",
    ),
    Capability(
        "order_messages",
        capabilities.OrderMessages,
        "a buyer who closed the chat is reached in the platform's own window only",
        "买家关闭会话后,只能到平台后台用订单留言联系",
    ),
    Capability(
        "entering",
        capabilities.Entering,
        "conversations that the shop is invited into are entered by hand",
        "被邀请进的会话要人工加入",
    ),
    Capability(
        "private_note",
        notes.PrivateNote,
        "drafts are seen on our desk only, not inside the platform's window",
        "草稿只在我们的工作台显示,平台窗口里看不到",
    ),
    Capability(
        "native_approval",
        notes.NativeApproval,
        "drafts are decided on our desk only, not by a reaction or a button inside the platform",
        "只能在我们的工作台处理草稿,不能在平台里用表情或按钮处理",
    ),
)
"""What an adapter may have besides sending."""


def modes_of(adapter: object) -> tuple[Capability, ...]:
    """The ways in that ``adapter`` has."""
    return tuple(one for one in MODES if isinstance(adapter, one.protocol))


def declared_by(adapter: object) -> tuple[Capability, ...]:
    """The capabilities that ``adapter`` declares by implementing them."""
    return tuple(one for one in CAPABILITIES if isinstance(adapter, one.protocol))


def lost_by(adapter: object) -> tuple[Capability, ...]:
    """Those that it has not."""
    return tuple(one for one in CAPABILITIES if not isinstance(adapter, one.protocol))
