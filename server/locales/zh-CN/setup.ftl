setup-title = 设置管理员
setup-text = 这是第一个账号，可以建立教师账号和班级。
setup-login-hint = 字母、数字、点、横线，最多 32 个；登录时用。
setup-create = 建立账号并登录
setup-closed = 这个链接已经失效
setup-closed-text = 它用过一次，或者超过了一小时。还没有人建立账号时，重新启动服务器会打印新的链接。
