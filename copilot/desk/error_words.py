"""What an error of the interface says to a person, and what they can do about it, by its code."""

from typing import Final

from copilot.desk.words import Language

_Said = tuple[str, str]
ERRORS: Final[dict[str, tuple[_Said, _Said | None]]] = {
    "not_signed_in": (("请先登录", "please sign in"), None),
    "wrong_login": (("账号或密码不对", "the login or the password is wrong"), None),
    "too_many_attempts": (
        ("登录尝试太多，请稍后再试", "too many attempts to sign in"),
        ("稍等片刻再试", "wait a moment and try again"),
    ),
    "csrf": (
        ("请求不是从本页面发出的", "the request did not come from this page"),
        ("刷新页面后重试", "reload the page and try again"),
    ),
    "not_allowed": (
        ("您的角色没有这个权限", "your role does not allow this"),
        ("请店铺管理员操作", "ask an administrator of the shop"),
    ),
    "agent_not_verified": (
        (
            "平台要求客服绑定手机并完成实名认证，现在还差一项",
            "the platform wants a bound phone and a verified name of an agent, and one is missing",
        ),
        ("在平台办好后在这里标为已完成", "do it on the platform, then say so here"),
    ),
    "out_of_scope": (
        ("您的工作范围不包括这项操作", "your part of the work does not cover this"),
        ("转给有权限的同事", "hand it to a colleague whose part it is"),
    ),
    "not_found": (("没有找到", "there is no such thing"), None),
    "method_not_allowed": (("这个地址不支持该操作", "this address does not do that"), None),
    "bad_input": (("请求内容有误", "the request cannot be understood"), ("检查填写的内容", "look at what was entered")),
    "week_runs": (
        ("这一周还没有过完", "that week is not over yet"),
        ("选一个已经过完的周", "choose a week that is over"),
    ),
    "too_large": (("内容太大", "the request is too large"), None),
    "stale_draft": (
        ("这条草稿已经变了", "the draft has changed"),
        ("看一下现在的版本再决定", "read the current one and decide again"),
    ),
    "text_blocked": (
        ("规则不允许发送这段话", "policy does not let this text out"),
        ("修改划线处", "change the marked words"),
    ),
    "translation_differs": (
        ("译文和原文说的不一样", "the translation does not say what the text says"),
        ("重新翻译，或改成一致", "translate it again, or make both say the same"),
    ),
    "over_ceiling": (
        ("超出了还能给的额度", "this gives more than is left to give"),
        ("少给一些，或请主管处理", "offer less, or ask a supervisor"),
    ),
    "owner_needed": (
        ("这个版本放松了拦截规则", "this version weakens rules that block"),
        ("请店主来决定", "let an owner decide"),
    ),
    "follow_up_over": (
        ("回访的时间已经过了", "the time for this question has passed"),
        ("不用再发，或自己写一条", "let it be, or write to the buyer yourself"),
    ),
    "origin_not_listed": (
        ("没有店铺允许在这个工具里显示", "no shop lets this tool show its conversations"),
        ("请店主把它的网址加入面板名单", "ask the owner to add its address to the panel's list"),
    ),
    "contact_not_allowed": (
        ("平台不允许就此订单主动联系买家", "the platform lets nobody write first about this order"),
        (
            "订单太久或没有进行中的售后时,等买家来联系",
            "wait for the buyer: the order is too old, and no return of it is open",
        ),
    ),
    "cannot_write_first": (
        ("这个平台不能主动联系买家", "on this platform nobody writes first"),
        ("等买家来联系", "wait for the buyer"),
    ),
    "order_not_found": (
        ("店铺里没有这个订单", "the shop has no such order"),
        ("核对订单号", "look at the order's number"),
    ),
    "platform_unavailable": (
        ("平台暂时没有回应", "the platform does not answer at the moment"),
        ("稍后再试;一直不行请管理员查看店铺的接入", "try later; if it stays so, an administrator looks at the shop"),
    ),
    "already_asked": (
        ("已经为这条草稿请过主管了", "a supervisor was asked about this draft already"),
        ("等主管回复", "wait for the answer"),
    ),
    "not_lowerable": (
        (
            "请求的是实物，没有金额可以改低",
            "goods are asked for, which have no amount to lower",
        ),
        ("照原样批准，或拒绝并写明可以怎么办", "approve it as it is, or refuse it with a note on what is possible"),
    ),
    "own_request": (
        ("不能批自己提的请求", "nobody rules on their own request"),
        ("请另一位主管处理", "another supervisor decides"),
    ),
    "needs_vouching": (
        ("有说法查不到依据", "some of what it says has no source"),
        ("逐条确认由您担保，或改掉", "vouch for each one, or change it"),
    ),
    "wrong_state": (
        ("现在的状态不能这样操作", "this cannot be done in its present state"),
        ("刷新后再看", "read it again"),
    ),
    "held_by_other": (
        ("这个会话已经在别人手里", "somebody else has this conversation"),
        ("看一下是谁，或请主管转给您", "see who, or ask a supervisor to give it to you"),
    ),
    "not_applicable": (
        ("这里没有这一项：只有一人接待，或由平台分配", "not here: one person receives, or the platform gives out"),
        None,
    ),
    "shop_not_connected": (
        ("店铺没有接通平台", "the shop is not connected to its platform"),
        ("请管理员检查店铺的接入设置", "ask an administrator to check the shop's settings"),
    ),
    "own_access": (
        ("不能改自己的角色，也不能停用自己", "nobody changes their own role or sends themself away"),
        ("请另一位管理员操作", "ask another administrator"),
    ),
    "owner_only": (
        ("只有店主能任命、修改或停用店主", "only an owner makes, changes or sends away an owner"),
        ("请店主操作", "ask an owner"),
    ),
    "last_owner": (
        ("至少要留一位能登录的店主", "at least one owner who can sign in must stay"),
        ("先任命另一位店主", "make somebody else an owner first"),
    ),
    "agent_limit_exceeded": (
        ("平台允许的客服账号数已满", "a shop on that platform may have no more agents"),
        ("先停用一个客服账号", "send an agent away first"),
    ),
    "login_taken": (("这个账号已被使用", "the login is taken"), ("换一个账号", "choose another")),
    "password_unfit": (
        ("密码太短、太长，或与账号相同", "the password is too short, too long, or the login"),
        ("用 10 到 200 个字符", "use 10 to 200 characters"),
    ),
    "setting_unfit": (
        ("有一项接入设置不能用", "a setting of the platform cannot be used"),
        ("检查标出的那一项", "look at the one that is marked"),
    ),
    "token_taken": (
        ("已有同名的令牌在使用", "a token of this name is in use"),
        ("换一个名字，或先收回那一个", "choose another name, or take that one back first"),
    ),
    "origin_unfit": (
        ("有一行不是可用的网址", "a line is no address that can be used"),
        (
            "只写协议和主机，例如 https://chat.example.com，不带路径，不用 *",
            "write scheme and host as in https://chat.example.com, without a path or *",
        ),
    ),
    "published_meanwhile": (
        ("别人刚刚发布了新版本", "somebody published another version meanwhile"),
        ("刷新后重新保存", "reload and save again"),
    ),
    "several_folders": (
        ("本店的文件分散在几个目录里", "the shop's files lie in several folders"),
        ("请运维用 reply-copilot policy apply 发布", "have the operator publish them: reply-copilot policy apply"),
    ),
    "adapter_missing": (("没有安装这个平台的适配器", "no adapter of this name is installed"), None),
    "malformed": (("投递内容无法读取", "the delivery cannot be read"), None),
    "bad_signature": (("签名不对", "the signature is wrong"), None),
    "try_again": (
        ("暂时存不下来", "it could not be stored in time"),
        ("稍后重新投递", "deliver it again later"),
    ),
    "database_unavailable": (
        ("数据库暂时不可用", "the database is not available"),
        ("稍后再试", "try again in a moment"),
    ),
    "unsupported": (("这个平台不能发送这种内容", "the platform takes nothing of this kind"), None),
    "media_unavailable": (("图片暂时取不到", "the picture cannot be fetched"), None),
    "internal": (
        ("系统出错，已记入日志", "something went wrong; the log has the details"),
        ("稍后再试", "try again in a moment"),
    ),
}


def words_of(code: str, language: Language) -> tuple[str, str | None]:
    """The message of ``code`` and its remedy in ``language``."""
    message, remedy = ERRORS.get(code, ERRORS["internal"])
    at = 0 if language == "zh" else 1
    return message[at], remedy[at] if remedy else None
