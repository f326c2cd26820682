# The queue of answers that wait for a teacher.

review-tab = 待判定
review-title = 待判定的答案
review-sub = 相同的答案归在一起，判定一次，全班生效，随时可以撤销。
review-empty = 没有等待判定的答案
review-empty-action = 回成绩册
review-empty-help = 与答案接近、系统不敢擅自给分的作答会到这里等您看一看。
review-place = 第 { $question } 题第 { $blank } 空
review-label = 第 { $question } 题第 { $blank } 空的答案“{ $answer }”
review-count = { $count ->
    [1] 1 份
   *[other] { $count } 份相同
 }
review-no-key = 这一空还没有答案。
review-accept = 算对
review-reject = 算错
review-part = 给一部分
review-share = 百分之几
review-part-apply = 按此比例给分
review-share-malformed = 部分给分请填大于 0、小于 100 的百分数。
review-decision-malformed = 请选“算对”“给一部分”或“算错”
review-decided = 已判定，全班重新计分，{ $changed } 个答案有变化。
review-decided-meanwhile = 这些答案刚刚已被判定，没有重复处理。最近的判定列在下面。
review-undone = 已撤销，全班重新计分，{ $changed } 个答案有变化。
review-undone-already = 这项判定先前已经撤销。
review-affected = 影响到 { $students } 份作答：
review-accepted = “{ $answer }”算对
review-accepted-part = “{ $answer }”给 { $share }%
review-rejected = “{ $answer }”算错
review-undo = 撤销
review-taken-back = 已撤销
review-past = 最近的判定
review-more = 还有 { $count } 组，处理完上面的就会出现。
