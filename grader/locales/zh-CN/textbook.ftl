# 教材文本：读到的疑点（每个代码一条消息、一条办法 -help）和写进作业文件的话。

textbook-no-title = 没有找到章名。
textbook-no-title-help = 请在开头写一行“第3章 章名”，或者导入后再改标题。
textbook-no-exercises = 没有找到作业。
textbook-no-exercises-help = 请在题目前单独写一行“【作业】”，每道题从行首的题号写起。
textbook-page-lines = 去掉了 { $count } 行页眉、页脚或目录（第 { $lines } 行）。
textbook-page-lines-help = 如果其中有正文，请在原文里把它和上下文接成一行。
textbook-number-skipped = 第 { $number } 题前面缺题号。
textbook-number-skipped-help = 请对照书，看有没有漏掉的题。
textbook-renumbered = 书上的第 { $printed } 题编为第 { $number } 题。
textbook-renumbered-help = 书上各大题的题号从 1 重新开始，作业里每道题的题号只能用一次，所以接着往下编。
textbook-uncertain-blank = 第 { $number } 题这里可能是空，已按空处理。
textbook-uncertain-blank-help = 请对照书。不是空的话，删去这里的空格。
textbook-space-no-blank = 第 { $number } 题这里像是空，但书里的原句在此相连，没有按空处理。
textbook-space-no-blank-help = 请对照书。是空的话，在这里写“____”。
textbook-space-a-blank = 第 { $number } 题这里的空格不像空，但书里的原句在此有别的字，已按空处理。
textbook-space-a-blank-help = 请对照书。不是空的话，删去这里的空格。
textbook-space-passed = 第 { $number } 题这里有空格，没有按空处理。
textbook-space-passed-help = 请对照书。是空的话，在这里写“____”。
textbook-blank-missing = 第 { $number } 题是填空题，却没有找到空。
textbook-blank-missing-help = 请对照书，在空的位置写“____”。
textbook-key-not-in-book = 第 { $number } 题第 { $blank } 空：书里没有找到答案，留空待填。
textbook-key-not-in-book-help = 请您填写答案。
textbook-key-judged = 第 { $number } 题第 { $blank } 空要选择或判断，答案请您填写。
textbook-key-judged-help = 请您填写选项或对错。
textbook-key-unsure = 第 { $number } 题第 { $blank } 空：可能是“{ $answer }”（把握 { $percent }%），没有采用。
textbook-key-unsure-help = 请您核对后填写。
textbook-comparison-stopped = 题目太多，后面的题没有再到书里找答案。
textbook-comparison-stopped-help = 请按章拆成几个文件。

textbook-file-title = 第{ $chapter }章作业
textbook-file-title-named = { $title }：作业
textbook-file-title-bare = 作业
textbook-file-top = 答案由教材原文提出，带 {"{"}?{"}"} 的还没有人核对。核对无误后删去 {"{"}?{"}"}；[[]] 请您填写。
textbook-comment-sure = 第{ $blank }空：据 { $section }（原文第 { $line } 行）
textbook-comment-unsure = 第{ $blank }空可能是“{ $answer }”（把握 { $percent }%）。据 { $section }（原文第 { $line } 行）：{ $quote }
textbook-comment-none = 第{ $blank }空：教材里没有找到答案
