"""Why there is no draft: a closed table, so that silence always explains itself."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code; its sentence is in ``WORDS``."""

    POSTURE_OFF = "posture_off"
    WINDOW_CLOSED = "window_closed"
    ALREADY_ANSWERED = "already_answered"
    AUTO_ANSWERED = "auto_answered"
    NOTHING_TO_ANSWER = "nothing_to_answer"
    UNCLEAR = "unclear"
    LANGUAGE_UNSUPPORTED = "language_unsupported"
    NO_PLAYBOOK = "no_playbook"
    ORDER_AMBIGUOUS = "order_ambiguous"
    ORDER_NOT_FOUND = "order_not_found"
    FACTS_MISSING = "facts_missing"
    MISSING_SLOT = "missing_slot"
    ANSWER_NOTED = "answer_noted"
    WAITING_FOR_US = "waiting_for_us"
    PERSON_NEEDED = "person_needed"
    BLOCKED = "blocked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    FAILED = "failed"


WORDS: dict[Reason, dict[str, str]] = {
    Reason.POSTURE_OFF: {
        "en": "drafting is switched off for this conversation",
        "zh": "这个会话关闭了拟稿",
    },
    Reason.WINDOW_CLOSED: {
        "en": "the platform no longer accepts replies here",
        "zh": "平台已不允许在此会话回复",
    },
    Reason.ALREADY_ANSWERED: {
        "en": "a person has answered the buyer's last message",
        "zh": "已有客服回复了买家的最后一条消息",
    },
    Reason.AUTO_ANSWERED: {
        "en": "a stored answer was sent; check that it is enough and add what is missing",
        "zh": "已自动发送问答里的答案,请确认是否够用,需要时补充",
    },
    Reason.NOTHING_TO_ANSWER: {
        "en": "the buyer's last turn asks for nothing",
        "zh": "买家最后一轮没有需要回答的内容",
    },
    Reason.UNCLEAR: {
        "en": "it is not clear what the buyer wants; a person should read it",
        "zh": "看不出买家的诉求,请人工查看",
    },
    Reason.LANGUAGE_UNSUPPORTED: {
        "en": "no draft can be composed in the buyer's language",
        "zh": "暂不支持用买家的语言拟稿",
    },
    Reason.NO_PLAYBOOK: {
        "en": "no playbook covers this issue yet",
        "zh": "这个问题还没有处理流程",
    },
    Reason.ORDER_AMBIGUOUS: {
        "en": "more than one order fits; pick the right one",
        "zh": "有多个订单符合,请选择正确的订单",
    },
    Reason.ORDER_NOT_FOUND: {
        "en": "the order the buyer names was not found among this buyer's orders",
        "zh": "在这位买家的订单中找不到所说的订单",
    },
    Reason.FACTS_MISSING: {
        "en": "the facts that an answer needs are not available",
        "zh": "缺少回答所需的事实",
    },
    Reason.MISSING_SLOT: {
        "en": "the buyer has not said the detail without which no text says anything",
        "zh": "买家没有说出那个关键细节,没有它写不出有内容的回复",
    },
    Reason.ANSWER_NOTED: {
        "en": "the buyer answered a question of the agent's; the agent's work goes on",
        "zh": "买家回答了客服的提问,等待客服继续处理",
    },
    Reason.WAITING_FOR_US: {
        "en": "the buyer knows that we are checking; the next word is a person's answer",
        "zh": "买家已经知道我们在核实,接下来需要人工给出答复",
    },
    Reason.PERSON_NEEDED: {
        "en": "this turn is for a person: danger, abuse or a supervisor's decision",
        "zh": "这一轮需要人工处理:涉及安全、辱骂或主管决定",
    },
    Reason.BLOCKED: {
        "en": "every text that could be written was blocked by policy",
        "zh": "可写的文本都被规则拦截",
    },
    Reason.SUPERSEDED: {
        "en": "the buyer wrote again or a person answered",
        "zh": "买家又发了消息,或已有人工回复",
    },
    Reason.EXPIRED: {
        "en": "nobody decided in time",
        "zh": "超时未处理",
    },
    Reason.FAILED: {
        "en": "drafting failed; the log names the error",
        "zh": "拟稿失败,错误见日志",
    },
}
