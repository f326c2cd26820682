# Asking about a mark, and answering.

inquiry-ask = 问一问这个评分
inquiry-ask-label = ，问一问评分
inquiry-about = 问哪一空
inquiry-blank = 第 { $blank } 空
inquiry-blank-answer = 第 { $blank } 空：{ $answer }
inquiry-text = 你的问题
inquiry-text-hint = 说说你为什么觉得评分不对，最多 { $most } 个字。老师会在这里回答。
inquiry-send = 问老师
inquiry-asked = 已经问了老师，回答会出现在这里和“今天”。
inquiry-yours = 你问
inquiry-answer = 老师回答
inquiry-mark-changed = 已改分
inquiry-waits = 等老师回答
inquiry-empty = 请写一句话。
inquiry-long = 最多 { $most } 个字。
inquiry-open-already = 这一处已经问过，正等老师回答。
inquiry-too-many = 一天最多问 { $most } 次，请明天再问，或当面问老师。
inquiry-not-yet = 评分公布以后才能问

inquiry-title = 学生的疑问
inquiry-points = 现在 { $points } / { $of } 分
inquiry-essay = 看学生的文章
inquiry-reply-label = 回答{ $name }
inquiry-reply-text = 您的回答
inquiry-reply-hint = 学生会看到。答案还没公布的，请不要写出来。
inquiry-reply-points = 得分（现在 { $points }，满分 { $of }）
inquiry-reply-accept = 回答并算对
inquiry-reply-reject = 回答并算错
inquiry-reply-part = 回答并给一部分
inquiry-change-reach = { $count ->
    [1] 只有这一份这样答；以后同样的答案也照此评分。
   *[other] 改了就对全部 { $count } 份相同的答案生效，随时可以撤销。
 }
inquiry-by-hand = 这一空的分是手改的，判定不会再变动它。
inquiry-to-work = 去改分
inquiry-reply = 回答
inquiry-replied = 已回答。
inquiry-replied-marked = 已回答，得分已改。
inquiry-replied-decided = 已回答，全班重新计分，{ $changed } 个答案有变化。
inquiry-answered-already = 这个问题已经有人回答。
inquiry-changed-meanwhile = 您查看之后，另一位教师改了这里的评分。没有覆盖：请看现在的得分，再决定。
inquiry-more = 还有 { $count } 个问题，回答完上面的就会出现。
