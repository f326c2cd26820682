# The list of assignments and the sheet.

assignment-list-title = 作业
assignment-list-open = 要做的
assignment-list-classes = 各班的作业
assignment-list-done = 已交
assignment-list-past = 已截止
assignment-list-empty = 还没有作业
assignment-list-empty-text = 老师布置之后，作业会出现在这里。还没加入班级的话，先用班级码加入。
assignment-list-empty-teacher = 作业由班级的任课教师导入和布置，在“班级”里进行。
assignment-list-empty-action = 我的班级
assignment-to-marks = 我的成绩

assignment-state-new = 未开始
assignment-state-begun = 未交
assignment-state-late = 已过应交时间
assignment-state-done = 已交
assignment-state-closed = 已截止
assignment-state-missed = 未交
assignment-state-not-open = 未开放
assignment-state-given = 已布置
assignment-state-not-given = 未布置

assignment-opens = 开放
assignment-due = 应交
assignment-closes = 截止
assignment-no-due = 不限时间
assignment-extended = 老师为你延了时间
assignment-zone = 时间都按 { $zone } 时区和服务器的时钟。
assignment-rules = 规则
assignment-chapter = 读这一章
assignment-points = { $points } 分
assignment-points-of = { $points } / { $of } 分

assignment-left-days = 还有 { $days } 天 { $hours } 小时
assignment-left-hours = 还有 { $hours } 小时 { $minutes } 分
assignment-left-minutes = 还有 { $minutes } 分 { $seconds } 秒
assignment-ago-days = { $days } 天 { $hours } 小时前
assignment-ago-hours = { $hours } 小时 { $minutes } 分前
assignment-ago-minutes = { $minutes } 分 { $seconds } 秒前

assignment-rule-late = 迟交每天扣 { $per-day }%，不足一天按一天算。
assignment-rule-late-floor = 迟交每天扣 { $per-day }%，不足一天按一天算，最少保留 { $floor }%。
assignment-rule-not-late = 不收迟交的作业。
assignment-rule-bell = 到点自动收卷：已经写下、还没有交的内容会替你交上。
assignment-rule-no-bell = 到点不自动收卷：只有按了“交卷”才算数。
assignment-rule-attempts-any = 可以作答任意多次。
assignment-rule-attempts = 可以作答 { $allowed } 次，还剩 { $left } 次。只有空着或待老师看的，不算用掉一次。
assignment-rule-best = 多次作答取最高分。
assignment-rule-last = 多次作答取最后一次。
assignment-rule-first = 多次作答取第一次。
assignment-rule-verdicts-later = 对错在截止之后公布。
assignment-rule-keys-never = 不公布答案。
assignment-rule-keys-closed = 答案在 { $at } 之后公布。
assignment-rule-keys-handed-in = 作答次数用完或截止之后，可以看到答案。
assignment-rule-keys-always = 交卷后就能看到答案。

assignment-question-label = 第 { $number } 题
assignment-blank-label = 第 { $blank } 空，共 { $blanks } 空，第 { $question } 题
assignment-text-label = 第 { $number } 题的回答
assignment-text-placeholder = 写在这里，最多 20000 字
assignment-rubric = 评分标准

assignment-project-rule = 全班交一份，由运营同学来交。
assignment-project-operators = 本班运营：{ $names }。
assignment-project-no-operators = 本班还没有运营，请老师先指定。
assignment-project-handed-in = { $name }已于 { $at } 替全班交了这一题。
assignment-sentence-separator = {""}
assignment-list-separator = 、

assignment-preview = 这是学生看到的样子。预览时不能作答，也不会留下任何记录。
assignment-not-open = 还没有开放
assignment-not-open-text = 到了开放时间，题目就会出现在这里。
assignment-closed = 已经截止
assignment-closed-text = 现在不能再作答了。如果有特殊情况，请联系老师。
assignment-archived-text = 归档的班级只能看，不能再作答。
assignment-done = 已经交卷
assignment-done-text = 点作答记录，看判好的卷子。
assignment-done-again = 点作答记录，看判好的卷子；也可以再做一次。
assignment-late-fields = 有 { $count } 处内容在截止之后才到服务器。已经替你保存，老师看得到，但没有计入。
assignment-again = 再做一次
assignment-hand-in = 交卷
assignment-hand-in-hint = 交卷后马上出结果。空着的也可以先交。

# What is refused, and what to do.
assignment-not-open-yet = 作业还没有开放，请到时间再来。
assignment-class-archived = 班级已经归档
assignment-closed-empty = 作业已于 { $closed } 截止，你的交卷 { $arrived } 才到，没有收下。
assignment-closed-kept = 作业已于 { $closed } 截止，你的交卷 { $arrived } 才到，没有计入。写的内容已经保存，老师看得到。
assignment-taken = 第 { $number } 次作答已经交过了，这里的改动没有计入。想改的话，请再做一次。
assignment-handed-in-already = 已经交卷，不能再改了。
assignment-attempt-unknown = 这一页已经过时，请刷新后再试。
assignment-field-unknown = 题目已经改动，请刷新页面。
assignment-text-too-long = 太长了，最多 { $most } 个字。
assignment-sheet-too-large = 内容太多，请删短一些再交。
assignment-hand-in-malformed = 没有收到完整的卷子，请刷新页面再交一次。
assignment-draft-malformed = 没有保存：收到的内容不完整，请刷新页面。
