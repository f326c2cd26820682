# Shared words of the layout and the components.

layout-site = 课堂
layout-skip = 跳到正文
layout-navigation = 主导航
layout-nav-today = 今天
layout-nav-course = 课程
layout-nav-assignment = 作业
layout-nav-class = 班级
layout-nav-account = 我
layout-nav-admin = 管理
layout-search = 搜索
layout-sign-in = 登录
layout-contents = 目录
layout-notes = 旁注
layout-breadcrumb = 所在位置
layout-pagination = 分页
layout-previous-page = 上一页
layout-next-page = 下一页
layout-page-of = 第 { $page } 页，共 { $pages } 页
layout-close = 关闭
layout-cancel = 取消
layout-confirm = 请确认
layout-chart-data = 查看数据
layout-back-to-text = 回到正文
layout-resume = 接着读：

# Preferences, in the footer and on the account page.
layout-language = 语言
layout-theme = 外观
layout-theme-auto = 自动
layout-theme-light = 浅色
layout-theme-dark = 深色
layout-font-size = 字号
layout-font-small = 小
layout-font-normal = 中
layout-font-large = 大
layout-font-huge = 特大

# Names of the notice icons, read aloud.
layout-notice-info = 提示
layout-notice-success = 完成
layout-notice-warning = 注意
layout-notice-error = 出错

# Verdicts.
layout-verdict-correct = 对
layout-verdict-partial = 部分对
layout-verdict-incorrect = 错
layout-verdict-review = 待老师看
layout-verdict-unanswered = 未作答
layout-key = 答案：

# Status line of the exercise sheet.
layout-sheet-idle = 脚本未运行，请答完后按“交卷”，中途不会自动保存。
layout-sheet-saved = 已保存 { $time }
layout-sheet-saving = 保存中……
layout-sheet-offline = 仅存本机，等待网络
layout-sheet-error = 出错：服务器暂时没有收下，正在重试；答案仍在本机。
layout-sheet-refused = 没有保存：{ $message }
layout-sheet-sign-in = 登录已失效，答案仍在本机。请重新登录后回到本页。
layout-sheet-handed-in = 这次作答已经交卷，之后的改动没有计入。请刷新页面。
layout-sheet-handing-in = 正在交卷……
layout-sheet-waiting = 尚未交到：等待网络，接通后自动交卷，请不要关闭本页。
layout-sheet-restored = 已找回本机上未保存的答案，正在保存……
layout-sheet-no-storage = 本机无法暂存，请保持联网。
layout-sheet-late = 已保存 { $time }（已过截止时间）
layout-sheet-filled = 已填 { $filled } / { $total } 空
layout-sheet-closes = 截止：
layout-left-days = 还有 { $days } 天 { $hours } 小时
layout-left-hours = 还有 { $hours } 小时 { $minutes } 分
layout-left-minutes = 还有 { $minutes } 分 { $seconds } 秒
layout-left-none = 已截止
layout-left-announce = 离截止还有 { $minutes } 分钟。

# Error page.
layout-error-request = 请求编号：
layout-error-home = 回到首页
layout-error-retry = 再试一次
