"""The names of closed sets in both languages: families, issues, severities, reasons and roles.

A code that is not listed is shown as it is: a report never fails over a word.
"""

from copilot.domain.reason import WORDS as REASONS

FAMILIES: dict[str, tuple[str, str]] = {
    "off_platform": ("站外引流", "Off-platform contact"),
    "absolute_claim": ("绝对化用语", "Absolute claims"),
    "medical_claim": ("医疗功效", "Medical claims"),
    "authority_claim": ("权威背书", "Endorsement claims"),
    "review_inducement": ("诱导好评", "Review inducement"),
    "blame_shift": ("推卸责任", "Shifting blame"),
    "abuse": ("辱骂嘲讽", "Abuse"),
    "over_authority": ("越权承诺", "Beyond authority"),
    "personal_data": ("个人信息", "Personal data"),
    "worse_terms": ("低于平台的条款", "Worse terms than the platform's"),
    "false_promise": ("无依据承诺", "Promises without a basis"),
    "empathy": ("缺少共情", "Missing empathy"),
    "structure": ("答复结构", "Structure of the reply"),
    "length": ("超出长度", "Length"),
    "language": ("语言不符", "Language"),
    "injection": ("注入指令", "Injection"),
    "translation": ("翻译前措辞", "Wording before translation"),
    "policy": ("检查未完成", "Check not completed"),
}

SEVERITIES: dict[str, tuple[str, str]] = {
    "block": ("拦截", "Block"),
    "warn": ("警告", "Warn"),
    "info": ("提示", "Info"),
    "pass": ("通过", "Pass"),
}

NOT_JUDGED: dict[str, tuple[str, str]] = {
    "no_claims": ("没有订单事实可核对", "no order facts to compare with"),
    "no_authority": ("不知道客服的赔付权限", "the agent's authority is not known"),
    "no_language": ("不知道应使用的语言", "the expected language is not known"),
    "no_limit": ("平台没有公布限制", "the platform publishes no limit"),
    "no_judgements": ("没有模型判断", "no model was asked"),
    "not_asked": ("没有对应的问题场景", "nothing said what the reply must contain"),
    "case_unknown": ("不知道问题是否已解决", "whether the case was solved is not known"),
    "translation_unknown": ("不知道是否会翻译", "whether the text gets translated is not known"),
}

ROLES: dict[str, tuple[str, str]] = {
    "agent": ("客服", "agent"),
    "bot": ("机器人", "bot"),
    "buyer": ("买家", "buyer"),
    "system": ("系统", "system"),
}

MARKS: dict[str, tuple[str, str]] = {
    "recalled": ("已撤回（仍检查）", "recalled (judged all the same)"),
    "auto": ("自动回复（也检查）", "automatic replies (judged too)"),
    "no_time": ("没有时间，按最新规则检查", "without a time: judged by the newest rules"),
    "bad_time": ("时间无法识别", "with a time that cannot be read"),
    "not_text": ("图片、卡片等非文字", "pictures, cards and the like"),
    "private": ("内部备注（不检查）", "internal notes (not judged)"),
    "empty": ("空消息", "empty"),
}

REJECTED: dict[str, tuple[str, str]] = {
    "json": ("不是 JSON", "not JSON"),
    "shape": ("缺少必要字段或字段不对", "lacks what a message or conversation needs"),
    "encoding": ("编码不对", "not in the encoding that was expected"),
    "long": ("过长", "too long"),
    "time": ("时间不可能存在", "with a number for a time that is none"),
    "damaged": ("文件损坏或不完整", "the file is damaged or cut off"),
    "empty": ("空文件", "an empty file"),
    "columns": ("表格缺少列", "a table without the columns it needs"),
    "row": ("表格的行不完整", "rows that are none"),
    "unreadable": ("无法打开", "cannot be opened"),
    "nothing": ("文件夹里没有档案", "a folder without archives"),
}

RISKS: dict[str, tuple[str, str]] = {
    "platform_complaint": ("向平台投诉", "platform complaint"),
    "regulator": ("向监管部门投诉", "regulator"),
    "media": ("找媒体曝光", "media"),
    "chargeback": ("拒付", "chargeback"),
    "lawyer": ("找律师或起诉", "lawyer"),
    "review_threat": ("威胁差评", "threat of a bad review"),
    "injury": ("受伤或过敏", "injury or allergy"),
    "safety": ("安全隐患", "safety"),
    "minor": ("未成年人", "minor"),
    "self_harm": ("自伤", "self-harm"),
}

ACTS: dict[str, tuple[str, str]] = {
    "answer": ("说明情况", "states facts"),
    "offer": ("给出方案", "offers options"),
    "ask": ("询问信息", "asks for what is missing"),
    "confirm": ("确认选择", "confirms a choice"),
    "decline": ("说明不可行", "says what is not possible"),
    "hold": ("先核实", "says that we are checking"),
    "acknowledge": ("表示收到", "takes note"),
    "welcome": ("回应感谢", "answers thanks"),
    "farewell": ("结束语", "says goodbye"),
    "greet": ("问候", "greets"),
}

CHANGES: dict[str, tuple[str, str]] = {
    "caught": ("新发现", "newly caught"),
    "released": ("不再命中", "newly released"),
    "changed": ("级别或位置变化", "other severity or span"),
    "newly_offered": ("新增方案", "newly offered"),
    "no_longer_offered": ("不再提供", "no longer offered"),
    "other_options": ("换成其他方案", "other options"),
    "other_cost": ("金额变化", "other amounts"),
    "other_act": ("做法变化", "another move"),
}

TOPICS: dict[str, tuple[str, str]] = {
    "platform": ("平台规则", "Platform rules"),
    "process": ("服务流程", "Service process"),
    "product": ("商品宣传", "Claims about products"),
}
_PRODUCT = frozenset({"absolute_claim", "medical_claim", "authority_claim"})
_PLATFORM = frozenset({"off_platform", "review_inducement", "personal_data", "worse_terms", "abuse", "injection"})


def topic_of(family: str) -> str:
    """The training topic that a family belongs to."""
    if family in _PRODUCT:
        return "product"
    return "platform" if family in _PLATFORM else "process"


def said(table: dict[str, tuple[str, str]], code: str, language: str) -> str:
    """The name of ``code`` in ``language``; an unknown one stands for itself."""
    found = table.get(code)
    return found[0 if language == "zh" else 1] if found else code


def reason(code: str, language: str) -> str:
    """Why there is no draft."""
    return next((words[language] for known, words in REASONS.items() if known.value == code), code)
