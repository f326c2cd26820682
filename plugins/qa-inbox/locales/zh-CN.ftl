duty-people = 现在值班：{ $names }。值班的同学可以认领并回答提问。
duty-nobody = 今天没有排人值班，提问先排队；运营和老师也可以回答。
duty-away = 查不到值班表，提问先排队；运营和老师可以回答。
waiting = { $count } 个提问等待回答
waiting-none = 没有等待回答的提问。
waited = 已等
oldest = 最早的已等
age-minutes = { $count ->
    [0] 不到 1 分钟
   *[other] { $count } 分钟
}
age-hours = { $count } 小时
age-days = { $count } 天
claim = 认领
claim-mine = 你正在回答
claim-of = { $name } 正在回答
claim-other = 有人正在回答
claim-done = 已认领，10 分钟内别人不能认领这个提问。
claim-taken = 这个提问已经有人认领或回答了。
claim-not-on-duty = 现在不是你值班，不能认领。
question = 粉丝问了什么
question-new = 录入提问
question-hint = 照原话写，不要写粉丝的名字、微信号或电话。
question-add = 放进收件箱
question-added = 提问已放进收件箱。
question-length = 请写 1–500 个字。
question-deleted = 提问已删除。
answer = 回答
answer-hint = 保存后，再到公众号里回复这位粉丝。
answer-send = 保存回答
answer-done = 回答已保存。
answer-length = 请写 1–600 个字。
answer-taken = 这个提问已经有别人认领或回答了，你的回答没有保存。下面是你写的内容：
answered = 已回答
took = 用时
delete = 删除
delete-confirm = 删除这个提问和它的回答？删除后不能恢复。
