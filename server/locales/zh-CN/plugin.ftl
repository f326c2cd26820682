# 班级工具(插件)
plugin-tools = 工具
plugin-said = { $text }
plugin-bad-request = 填写的内容不能用。
plugin-conflict = 内容已经被改动。
plugin-slow = 「{ $tool }」没有及时回应。
plugin-busy = 「{ $tool }」现在忙不过来。
plugin-fault = 「{ $tool }」出错了。
plugin-fault-help = 章节、作业和其他工具都照常使用。请过一会儿再试;错误已经记下,管理员看得到。
plugin-down = 「{ $tool }」现在没有运行。
plugin-down-help = 章节、作业和其他工具都照常使用。管理员可以在插件页面看到原因并重新启用它。
plugin-widget-down = 暂时看不到。
plugin-is-down = 未运行
