# The marked sheet and attachments.

attempt-number = 第 { $number } 次作答
attempt-received = 已经收到
attempt-receipt = 第 { $number } 次作答，{ $at } 交卷，回执 { $code }
attempt-receipt-bell = 第 { $number } 次作答，{ $at } 到点自动收卷，回执 { $code }
attempt-still-open = 还没有交卷
attempt-marked-at = 对错在 { $at } 之后公布。
attempt-marked-later = 对错由老师公布。
attempt-late = 迟交：{ $points } 分，扣 { $per-cent }%。
attempt-reviews = 有 { $count } 个空待老师看，看过会补上得分。
attempt-waiting = 有 { $count } 题待老师批改。
attempt-not-counted = 只有空着或待老师看的，没有用掉作答次数。
attempt-left = 还剩 { $count } 次。
attempt-to-marks = 我的成绩
attempt-read-again = 再读一读：
attempt-decided = 老师看过了。
attempt-essay-waiting = 待老师批改
attempt-comment = 老师的评语

attempt-history = 作答记录
attempt-by-bell = 自动收卷
attempt-late-chip = 迟交 −{ $per-cent }%
attempt-not-used = 未用次数
attempt-counting = 计入成绩
attempt-waiting-chip = { $count } 题待批

attempt-attachment-add = 附件
attempt-attachment-hint = 照片、PDF、Word、Excel、PPT 或 txt，每个不超过 10 MB，最多 { $most } 个。请先上传附件，再写文字。
attempt-attachment-upload = 上传
attempt-attachment-remove = 移除
attempt-attachment-added = 已上传“{ $name }”
attempt-attachment-removed = 附件已移除
attempt-attachment-none = 请先选择文件。
attempt-attachment-kind = 不收这种文件。请交照片（PNG、JPEG、WebP、HEIC）、PDF、docx、xlsx、pptx 或 txt。
attempt-attachment-too-large = 文件太大，每个不超过 { $most } MB。
attempt-attachment-too-many = 每题最多 { $most } 个附件，请先移除一个。
attempt-attachment-quota = 班级的附件空间已满，请告诉老师。
attempt-attachment-closed = 现在不收附件。
attempt-attachment-malformed = 文件没有传完整，请再试一次。
attempt-late-fields = 截止之后才到的内容
attempt-late-fields-text = 已经保存，但没有计入得分。
