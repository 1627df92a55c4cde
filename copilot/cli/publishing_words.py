"""What the commands of publishing say, in both languages."""

from copilot.cli.words import language

_WORDS: dict[str, dict[str, str]] = {
    "draft": {
        "en": "Version {number} ({kind}, {scope}) is checked and stored. Next: reply-copilot policy promote {number}",
        "zh": "版本 {number}（{kind}，{scope}）已通过检查并保存。下一步：reply-copilot policy promote {number}",
    },
    "shadow": {
        "en": "Version {number} ({kind}, {scope}) watches and changes nothing. See: reply-copilot policy published; "
        "then: reply-copilot policy promote {number}",
        "zh": "版本 {number}（{kind}，{scope}）开始观察，不影响草稿。查看：reply-copilot policy published；"
        "生效：reply-copilot policy promote {number}",
    },
    "enforce": {
        "en": "Version {number} ({kind}, {scope}) is in force from the next draft on.",
        "zh": "版本 {number}（{kind}，{scope}）从下一条草稿起生效。",
    },
    "unchanged": {
        "en": "{kind}: version {number} holds exactly these files already.",
        "zh": "{kind}：版本 {number} 已经是这些文件。",
    },
    "refused": {"en": "refused", "zh": "未通过"},
    "kept": {
        "en": "Nothing was published; what was in force stays in force.",
        "zh": "没有发布；原来的版本继续生效。",
    },
    "weakened": {
        "en": "note: '{rule}' is weakened ({how}): {reason}",
        "zh": "提示：“{rule}”被放松（{how}）：{reason}",
    },
    "owner": {
        "en": "{rules}: blocks and is weakened: an owner must put it in force, --by LOGIN",
        "zh": "{rules}：拦截规则被放松：须由店主（owner）决定生效，请用 --by 登录名",
    },
    "same": {
        "en": "note: the pack of {shops} stays as it is: no family of these rules is in it",
        "zh": "提示：{shops} 的规则包没有变化：这些规则的类别不在其中",
    },
    "compared": {
        "en": "{shop}: {messages:,} messages compared with {against}: {blocked:,} newly blocked, {released:,} no "
        "longer blocked",
        "zh": "{shop}：与{against}对比 {messages:,} 条消息：新增拦截 {blocked:,} 条，不再拦截 {released:,} 条",
    },
    "rule": {
        "en": "  {rule}: {caught} newly caught, {released} newly released, {changed} changed",
        "zh": "  {rule}：新命中 {caught}，新放过 {released}，有变化 {changed}",
    },
    "sample": {"en": "    {mark} {text}", "zh": "    {mark} {text}"},
    "too_many": {
        "en": "{number:,} messages are newly blocked and {allowed:,} may be: mend the rules, or --allow-newly-blocked",
        "zh": "新增拦截 {number:,} 条，只允许 {allowed:,} 条：请修改规则，或放宽 --allow-newly-blocked",
    },
    "too_free": {
        "en": "{number:,} messages are no longer blocked and {allowed:,} may be: mend the rules, or "
        "--allow-newly-released",
        "zh": "不再拦截 {number:,} 条，只允许 {allowed:,} 条：请修改规则，或放宽 --allow-newly-released",
    },
    "too_other": {
        "en": "{number:,} buyer turns are offered something else and {allowed:,} may be: see above, or "
        "--allow-changed-offers",
        "zh": "有 {number:,} 轮的方案变了，只允许 {allowed:,} 轮：见上文，或放宽 --allow-changed-offers",
    },
    "in_force": {"en": "what is in force", "zh": "现行版本"},
    "no_archive": {
        "en": "note: no --archive was given, so nothing was compared",
        "zh": "提示：没有给 --archive，未做对比",
    },
    "back": {
        "en": "Version {left} ({kind}, {scope}) is taken back; version {number} is in force from the next draft on.",
        "zh": "版本 {left}（{kind}，{scope}）已撤回；从下一条草稿起恢复版本 {number}。",
    },
    "back_to_folders": {
        "en": "Version {left} ({kind}, {scope}) is taken back; the deployment's own folders hold again.",
        "zh": "版本 {left}（{kind}，{scope}）已撤回；恢复使用部署目录里的文件。",
    },
    "seen": {
        "en": "version {number}, {shop}: {judged:,} judged beside what is in force",
        "zh": "版本 {number}，{shop}：已在旁边判断 {judged:,} 次",
    },
    "seen_rule": {
        "en": "  {rule} {severity}: {caught:,} only in shadow, {released:,} only in force, {same:,} in both",
        "zh": "  {rule} {severity}：仅观察版命中 {caught:,}，仅现行版命中 {released:,}，两者都命中 {same:,}",
    },
    "seen_issue": {
        "en": "  {rule}: {changed:,} would be offered something else, {same:,} the same",
        "zh": "  {rule}：{changed:,} 次方案会变，{same:,} 次不变",
    },
    "trouble": {
        "en": "version {number}, {shop}: cannot be loaded, the version before stays in force: {why}",
        "zh": "版本 {number}，{shop}：无法加载，继续使用上一个版本：{why}",
    },
    "all_shops": {"en": "all shops", "zh": "全部店铺"},
}


def said(key: str, **values: object) -> str:
    """The sentence of ``key`` in the reader's language."""
    return _WORDS[key][language()].format(**values)
