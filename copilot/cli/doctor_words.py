"""What ``doctor`` says, in Chinese and English; ``{0}`` is the value that was found."""

WORDS: dict[str, dict[str, str]] = {
    "python": {"en": "Python {0} (3.11 or newer is needed)", "zh": "Python {0}(需要 3.11 或更新版本)"},
    "data_folder": {"en": "data folder {0} can be written", "zh": "数据目录 {0} 可写"},
    "data_folder_closed": {"en": "data folder {0} cannot be written", "zh": "数据目录 {0} 不可写"},
    "data_elsewhere": {
        "en": "the database's files stand in {0}, because its system user cannot enter the data folder",
        "zh": "数据库文件位于 {0},因为数据库的系统用户无法进入数据目录",
    },
    "prompts": {"en": "prompts: {0} templates found", "zh": "提示模板:找到 {0} 个"},
    "policies": {"en": "policies: {0} files found", "zh": "规则:找到 {0} 个文件"},
    "assets_missing": {"en": "{0} not found: {1}", "zh": "找不到 {0}:{1}"},
    "assets_empty": {"en": "the folder {0} holds no files", "zh": "目录 {0} 里没有文件"},
    "model": {"en": "model {0} is set", "zh": "已设置模型 {0}"},
    "model_unset": {
        "en": "no model is set: drafts are composed from the templates alone",
        "zh": "未设置模型:回复只用模板拟写",
    },
    "embedded_new": {
        "en": "the embedded database does not exist yet; it is created when serve, worker or demo first run",
        "zh": "内置数据库尚未创建;首次运行 serve、worker 或 demo 时会自动创建",
    },
    "embedded": {"en": "the embedded database answers", "zh": "内置数据库可用"},
    "reachable": {"en": "the database at {0} answers", "zh": "数据库 {0} 可用"},
    "postgres": {"en": "PostgreSQL {0} (16 or newer is needed)", "zh": "PostgreSQL {0}(需要 16 或更新版本)"},
    "clock": {"en": "the database's clock agrees with this machine's", "zh": "数据库时钟与本机一致"},
    "clock_skewed": {
        "en": "the database's clock differs from this machine's by {0} s",
        "zh": "数据库时钟与本机相差 {0} 秒",
    },
    "roles": {
        "en": "the roles copilot_owner and copilot_app are ready",
        "zh": "角色 copilot_owner 和 copilot_app 已就绪",
    },
    "roles_missing": {"en": "roles or grants are missing in the database", "zh": "数据库缺少角色或授权"},
    "role_mighty": {"en": "the database must not be used as it is: {0}", "zh": "数据库不能这样使用:{0}"},
    "schema": {"en": "the schema is up to date ({0})", "zh": "数据库结构为最新({0})"},
    "schema_behind": {"en": "the schema is behind ({0})", "zh": "数据库结构需要升级({0})"},
    "schema_at_start": {
        "en": "the embedded database will be upgraded when serve, worker or demo next run",
        "zh": "下次运行 serve、worker 或 demo 时会自动升级内置数据库",
    },
    "worker": {"en": "a worker was heard of {0} s ago", "zh": "{0} 秒前收到后台进程的心跳"},
    "worker_none": {
        "en": "no worker is running, and nothing waits for one",
        "zh": "没有后台进程在运行,目前也没有等待的任务",
    },
    "worker_missing": {"en": "no worker is running and {0} jobs wait", "zh": "没有后台进程在运行,有 {0} 个任务在等待"},
    "adapters": {"en": "adapters installed: {0}", "zh": "已安装的平台适配器:{0}"},
    "adapters_none": {
        "en": "no adapter is installed: no platform can be reached",
        "zh": "未安装适配器:无法连接任何平台",
    },
    "feed_failing": {
        "en": "no messages of the shop {0} arrive: its platform answers {1}, {2} times in a row (last good: {3})",
        "zh": "店铺 {0} 收不到消息:平台返回 {1},已连续 {2} 次(上次正常:{3})",
    },
    "letters_open": {
        "en": "shop {0}: {1} signed deliveries could not be read; their messages are missing",
        "zh": "店铺 {0}:有 {1} 条已验签的推送无法读取,其中的消息缺失",
    },
    "people": {"en": "{0} people may sign in", "zh": "有 {0} 人可以登录"},
    "people_none": {
        "en": "merchant {0}: nobody can sign in to the desk",
        "zh": "商家 {0}:没有人能登录工作台",
    },
    "alerts_off": {
        "en": "merchant {0}: alerts are off for {1} of {2} people who answer buyers: {3}",
        "zh": "商家 {0}:{2} 位接待买家的人员中有 {1} 位关闭了新消息提醒:{3}",
    },
    "blocked_buyer": {
        "en": "shop {0}: {1} buyers are blocked by the shop itself: their last reply was refused for that",
        "zh": "店铺 {0}:有 {1} 位买家被店铺拉黑,最近一条回复因此被拒",
    },
    "access_refused": {
        "en": "shop {0}: the platform refused our access when the last reply was sent ({1})",
        "zh": "店铺 {0}:发送最近一条回复时平台拒绝了我们的授权({1})",
    },
    "platform_unwell": {
        "en": "shop {0}: the last replies did not get through to the platform ({1})",
        "zh": "店铺 {0}:最近几条回复都没能送达平台({1})",
    },
    "never_heard": {
        "en": "shop {0}: nothing has arrived yet",
        "zh": "店铺 {0}:还没有收到任何消息",
    },
    "module_taken": {
        "en": "another distribution brings a module called copilot too: {0}",
        "zh": "另一个安装包也带有名为 copilot 的模块:{0}",
    },
    "adapters_clash": {"en": "{0}", "zh": "适配器重名:{0}"},
    "adapter_broken": {"en": "the adapter {0} cannot be used: {1}", "zh": "适配器 {0} 无法使用:{1}"},
    "key_set": {"en": "the key for shops' secrets is set", "zh": "已设置店铺凭证的密钥"},
    "key_file": {
        "en": "the key for shops' secrets stands in {0}, for this user only",
        "zh": "店铺凭证的密钥在 {0},仅本用户可读",
    },
    "key_new": {
        "en": "there is no key for shops' secrets yet; it is made in {0} on first use",
        "zh": "还没有店铺凭证的密钥;首次使用时会生成在 {0}",
    },
    "key_broken": {"en": "the key for shops' secrets cannot be used: {0}", "zh": "店铺凭证的密钥无法使用:{0}"},
    "key_lost": {
        "en": "{0} shops are on record, but the key that opens their secrets is missing",
        "zh": "已有 {0} 个店铺,但解开其凭证的密钥不见了",
    },
    "shops": {"en": "{0} shops have what their adapters need", "zh": "{0} 个店铺的接入设置齐全"},
    "shops_none": {"en": "no shop is connected yet", "zh": "还没有接入店铺"},
    "adapter_missing": {"en": "shop {0}: its adapter {1} is not there", "zh": "店铺 {0}:没有它的适配器 {1}"},
    "credentials_missing": {"en": "shop {0}: has no settings for {1}", "zh": "店铺 {0}:缺少 {1} 的接入设置"},
    "credentials_broken": {
        "en": "shop {0}: its settings for {1} cannot be used",
        "zh": "店铺 {0}:{1} 的接入设置无法使用",
    },
    "deauthorized": {
        "en": "shop {0}: its owner took the access on {1} away",
        "zh": "店铺 {0}:店主已取消在 {1} 的授权",
    },
    "messages_late": {
        "en": "shop {0}: messages arrive {1} s after the time they carry",
        "zh": "店铺 {0}:消息到达时间比其标注的时间晚 {1} 秒",
    },
    "messages_ahead": {
        "en": "shop {0}: messages carry times that lie ahead of this machine's clock",
        "zh": "店铺 {0}:消息标注的时间超前于本机时钟,本机时钟可能慢了",
    },
    "published": {"en": "{0} published versions are in force or watch", "zh": "{0} 个已发布的版本在生效或观察中"},
    "published_kept_out": {
        "en": "shop {0}: version {1} cannot be loaded, the version before stays in force: {2}",
        "zh": "店铺 {0}:版本 {1} 无法加载,继续使用上一个版本:{2}",
    },
    "published_pinned": {
        "en": "merchant {0}: version {1} in force weakens a rule that is pinned: {2}",
        "zh": "商家 {0}:生效的版本 {1} 放松了已锁定的规则:{2}",
    },
}

REMEDIES: dict[str, dict[str, str]] = {
    "data_folder_closed": {
        "en": "give this user the folder, or set COPILOT_DATA_DIR",
        "zh": "让当前用户可写该目录,或设置 COPILOT_DATA_DIR",
    },
    "assets_empty": {"en": "reinstall the package", "zh": "重新安装本软件"},
    "model_unset": {"en": "set COPILOT_MODEL to use one", "zh": "如需使用,请设置 COPILOT_MODEL"},
    "clock_skewed": {"en": "switch time synchronisation on, on both", "zh": "在两台机器上开启时间同步"},
    "roles_missing": {"en": "let a database administrator run: {0}", "zh": "请数据库管理员执行:{0}"},
    "schema_behind": {"en": "run: reply-copilot db upgrade", "zh": "运行:reply-copilot db upgrade"},
    "worker_missing": {"en": "run: reply-copilot worker", "zh": "运行:reply-copilot worker"},
    "adapters_none": {
        "en": "install one, for example copilot-adapter-tiktok-shop",
        "zh": "安装一个,例如 copilot-adapter-tiktok-shop",
    },
    "feed_failing": {
        "en": "look the code up in docs/writing-an-adapter.md, then connect the shop again if it says so",
        "zh": "在 docs/writing-an-adapter.zh-CN.md 查看错误代码,必要时重新接入店铺",
    },
    "letters_open": {
        "en": "run: reply-copilot dead-letters list",
        "zh": "运行:reply-copilot dead-letters list",
    },
    "people_none": {
        "en": "run: reply-copilot person add, or person activate",
        "zh": "运行:reply-copilot person add 或 person activate",
    },
    "alerts_off": {
        "en": "each switches them on at the desk: the bell, sound or vibration",
        "zh": "由本人在工作台打开:铃铛,声音或振动",
    },
    "blocked_buyer": {
        "en": "lift the block on the platform; until then nothing comes from them and nothing reaches them",
        "zh": "在平台上解除拉黑;在此之前收不到他们的消息,也无法回复",
    },
    "access_refused": {
        "en": "connect the shop again: reply-copilot shop set, or the shop on the page /admin",
        "zh": "重新接入店铺:reply-copilot shop set,或在 /admin 页面的店铺设置里修改",
    },
    "platform_unwell": {
        "en": "look whether the platform announces maintenance; in the meantime reply in its own window",
        "zh": "看平台是否公告维护;在此期间到平台自己的窗口回复",
    },
    "never_heard": {
        "en": "let the platform deliver to https://<this server>/in/{1}, and write as a buyer",
        "zh": "把平台的推送地址设为 https://<本服务器>/in/{1},再以买家身份发一条消息",
    },
    "module_taken": {
        "en": "uninstall it, or give reply-copilot an environment of its own",
        "zh": "卸载它,或为 reply-copilot 使用单独的环境",
    },
    "adapters_clash": {"en": "keep one of them: pip uninstall the other", "zh": "只保留一个,用 pip 卸载另一个"},
    "adapter_broken": {"en": "reinstall it in the version of this program", "zh": "重新安装与本程序版本一致的适配器"},
    "key_lost": {
        "en": "bring {1} back from your backup, or set COPILOT_SECRET_KEYS",
        "zh": "从备份恢复 {1},或设置 COPILOT_SECRET_KEYS",
    },
    "shops_none": {
        "en": "run: reply-copilot shop add --help",
        "zh": "运行:reply-copilot shop add --help",
    },
    "adapter_missing": {"en": "install it", "zh": "请安装该适配器"},
    "credentials_missing": {
        "en": "enter them: reply-copilot shop add --help",
        "zh": "请填写:reply-copilot shop add --help",
    },
    "credentials_broken": {
        "en": "enter them again: reply-copilot shop add --help",
        "zh": "请重新填写:reply-copilot shop add --help",
    },
    "deauthorized": {
        "en": "let the owner authorize the app again, then enter the new tokens: reply-copilot shop set --help",
        "zh": "请店主重新授权,再填写新的令牌:reply-copilot shop set --help",
    },
    "messages_late": {
        "en": "switch time synchronisation on here; else the platform delivers late",
        "zh": "在本机开启时间同步;若已开启,则是平台推送延迟",
    },
    "messages_ahead": {"en": "switch time synchronisation on here", "zh": "在本机开启时间同步"},
    "published_kept_out": {
        "en": "mend it and publish it again, or: reply-copilot policy rollback",
        "zh": "请修正后重新发布,或运行:reply-copilot policy rollback",
    },
    "published_pinned": {
        "en": "publish rules without it, or: reply-copilot policy rollback",
        "zh": "请去掉后重新发布,或运行:reply-copilot policy rollback",
    },
}
