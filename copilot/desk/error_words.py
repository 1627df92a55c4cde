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
    "not_found": (("没有找到", "there is no such thing"), None),
    "method_not_allowed": (("这个地址不支持该操作", "this address does not do that"), None),
    "bad_input": (("请求内容有误", "the request cannot be understood"), ("检查填写的内容", "look at what was entered")),
    "too_large": (("内容太大", "the request is too large"), None),
    "stale_draft": (
        ("这条草稿已经变了", "the draft has changed"),
        ("看一下现在的版本再决定", "read the current one and decide again"),
    ),
    "text_blocked": (
        ("规则不允许发送这段话", "policy does not let this text out"),
        ("修改划线处", "change the marked words"),
    ),
    "over_ceiling": (
        ("超出了还能给的额度", "this gives more than is left to give"),
        ("少给一些，或请主管处理", "offer less, or ask a supervisor"),
    ),
    "follow_up_over": (
        ("回访的时间已经过了", "the time for this question has passed"),
        ("不用再发，或自己写一条", "let it be, or write to the buyer yourself"),
    ),
    "already_asked": (
        ("已经为这条草稿请过主管了", "a supervisor was asked about this draft already"),
        ("等主管回复", "wait for the answer"),
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
    "shop_not_connected": (
        ("店铺没有接通平台", "the shop is not connected to its platform"),
        ("请管理员检查店铺的接入设置", "ask an administrator to check the shop's settings"),
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
