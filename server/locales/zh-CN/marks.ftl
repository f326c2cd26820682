# A student's own marks.

marks-title = 我的成绩
marks-sub = 每个得分都写明怎么来的。
marks-empty = 还没有成绩
marks-empty-text = 交过作业之后，得分和算法会出现在这里。
marks-so-far = 到目前为止：已交的和已截止的作业。
marks-supposed = 照你的假设：{ $points }，{ $per-cent }%。
marks-none-yet = 还没有得分，共 { $of }
marks-rule-best = 取最高的第 { $number } 次：
marks-rule-last = 取最后的第 { $number } 次：
marks-rule-first = 取第一次（第 { $number } 次）：
marks-formula-blanks = 填空 { $points }
marks-formula-essays = 问答 { $points }
marks-formula-late = ，迟交扣 { $per-cent }%
marks-formula-project = 班级项目 { $points }
marks-attempts = 作答记录（{ $count }）
marks-what-if = 如果我得到（最多 { $most } 分）
marks-compute = 算一算
marks-forget = 清除假设
