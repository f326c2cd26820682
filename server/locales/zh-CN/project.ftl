# 班级项目：全班的得分和个人的一份
project-share-sum = 项目：班级 { $class } 分 + 个人 { $own } 分 = { $total } 分
project-share-most = 项目：班级 { $class } 分 + 个人 { $own } 分，按满分 { $total } 分计
project-share-alone = 项目：个人 { $own } 分，班级的作品还没有评分
project-share-line = { $tool } · { $fact }：{ $amount } × { $each } = { $points } 分
project-share-line-most = { $tool } · { $fact }：{ $amount } × { $each }，最多 { $points } 分
project-share-from = 个人得分由老师按班级工具的记录折算。对记录有疑问，请告诉老师。
