# 作业文件中的问题：每个代码一条消息、一条改法（-help）。

assignment-severity-error = 错误
assignment-severity-warning = 警告
assignment-severity-note = 提示
assignment-severity-help = 改法

assignment-large-file = 文件超过 1 MiB。
assignment-large-file-help = 请按章拆成几个文件。
assignment-missing-title = 没有标题。
assignment-missing-title-help = 请在文件开头写三行：“---”“title: 第三章作业”“---”。
assignment-no-questions = 文件里没有题目。
assignment-no-questions-help = 每道题从行首的题号写起，例如：1. 订阅号每[[天]]可以群发一条消息。
assignment-unclosed-front-matter = 开头的“---”没有对应的结束行。
assignment-unclosed-front-matter-help = 请在 course、chapter、title 之后另起一行写“---”。
assignment-bad-front-matter = 文件开头的设置读不懂：{ $reason }。
assignment-bad-front-matter-help = 每行写“名称: 内容”，冒号后空一格；内容里有冒号等符号时，用英文双引号括起来。
assignment-bad-value = 这里应当是一段文字。
assignment-bad-value-help = 写成“title: 第三章作业”这样的一行。
assignment-duplicate-name = 同一个名称写了两次。
assignment-duplicate-name-help = 请只留一行。
assignment-misspelt-name = 不认识“{ $name }”。
assignment-misspelt-name-help = 是不是“{ $suggestion }”？
assignment-unknown-name = 不认识“{ $name }”。
assignment-unknown-name-help = 这里可以写的有 course（课程）、chapter（章）、title（标题）。
assignment-long-value = “{ $name }”太长。
assignment-long-value-help = 最多 { $most } 个字符。
assignment-control-in-value = “{ $name }”里有换行或看不见的控制字符。
assignment-control-in-value-help = 请写在一行里，删去控制字符。
assignment-bad-address = “{ $value }”不能作网址的一部分。
assignment-bad-address-help = “{ $name }”只用字母、数字、汉字和“-”“_”“.”，例如 wechat-platform；给人看的名字写在 title 里。

assignment-duplicate-number = 第 { $number } 题出现了两次，前一次在第 { $line } 行。
assignment-duplicate-number-help = 请改题号；如果这是上一题里的列表，请把它缩进 3 个空格。
assignment-question-order = 第 { $number } 题排在第 { $before } 题之后。
assignment-question-order-help = 题目按文件中的顺序给出；如果这是上一题里的列表，请把它缩进 3 个空格。
assignment-empty-question = 第 { $number } 题没有内容。
assignment-empty-question-help = 请在题号后写出题目。
assignment-no-blank = 第 { $number } 题没有空，也没有说明题型。
assignment-no-blank-help = 填空题用 [[答案]] 标出空；论述题、项目题在题目末尾写 {"{essay points=10}"} 或 {"{project points=20}"}。
assignment-misspelt-kind = 第 { $number } 题没有空，也认不出题型“{ $word }”。
assignment-misspelt-kind-help = 是不是“{ $suggestion }”？
assignment-blank-in-essay = 论述题和项目题里不能有空。
assignment-blank-in-essay-help = 请把填空另立一题；要显示方括号本身，写成 \[[。
assignment-two-kinds = 这道题已经说明过题型。
assignment-two-kinds-help = 请只留一处。
assignment-no-points = 没有写分值，按 1 分计。
assignment-no-points-help = 写成 {"{essay points=10}"}。
assignment-text-behind-kind = 题型后面还有文字。
assignment-text-behind-kind-help = 题型写在题目的最后；评分标准从下一行写起。
assignment-invisible-blank = 学生看不到这个空：它在图片说明、链接地址或 HTML 标签里。
assignment-invisible-blank-help = 请把空写在正文里。
assignment-group-of-one = 乱序组“{ $group }”只有一个空。
assignment-group-of-one-help = 同组的空写同一个组名；只有一个空时不必分组。
assignment-group-same-key = 乱序组“{ $group }”里有两个空的答案都是“{ $text }”。
assignment-group-same-key-help = 同组的答案应当各不相同，请核对。
assignment-too-many-questions = 题目超过 { $most } 道。
assignment-too-many-questions-help = 请拆成几个文件。
assignment-too-many-blanks = 这道题的空超过 { $most } 个。
assignment-too-many-blanks-help = 请拆成几道题。
assignment-stray-text = 这段文字不属于任何一题。
assignment-stray-text-help = 题目从行首的题号写起（例如“1. ”）；只给自己看的话写在 <!-- 和 --> 之间。
assignment-heading = 这个标题不会出现在作业里。
assignment-heading-help = 作业的名称写在文件开头的 title；要让标题成为题目的一部分，请把它缩进。
assignment-unclosed-fence = 代码块没有结束。
assignment-unclosed-fence-help = 请在代码之后另起一行，写上同样的符号。
assignment-blank-in-code = 代码里的 [[ ]] 不是空，会原样显示。
assignment-blank-in-code-help = 如果要填空，请把它移到代码之外。
assignment-unclosed-comment = 注释没有结束。
assignment-unclosed-comment-help = 请在注释末尾写 -->。
assignment-full-width-brackets = “{ $text }”是全角括号，不会当作空或说明。
assignment-full-width-brackets-help = 如果想写空或说明，请换成半角的 [[ ]] 或 {"{ }"}。

assignment-unclosed-blank = 这个空没有结束。
assignment-unclosed-blank-help = 请在同一行里用 ]] 结束；要显示方括号本身，写成 \[[。
assignment-bracket-behind-blank = 空的后面多出一个“]”。
assignment-bracket-behind-blank-help = 如果它是答案的一部分，写成 \]；否则请删去。
assignment-too-many-alternatives = 这个空的答案超过 { $most } 种写法。
assignment-too-many-alternatives-help = 全角半角、繁简、数字写法等本来就算相同，不必一一列出。
assignment-duplicate-alternative = 答案“{ $text }”写了两次。
assignment-duplicate-alternative-help = 请只留一个。
assignment-full-width-bar = 答案“{ $text }”里有全角的“｜”，它不会把答案分开。
assignment-full-width-bar-help = 如果是几种写法，请换成半角的 |。
assignment-bar-within-brackets = 竖线 | 把括号里的内容分成了两种写法：“{ $text }”和“{ $other }”。
assignment-bar-within-brackets-help = 如果竖线是答案的一部分（如集合 {"{"}x|1<x<3{"}"}），请写成 \|。
assignment-no-whole-alternative = 这个空没有能得满分的答案。
assignment-no-whole-alternative-help = 请至少写一个不带百分比的答案。
assignment-bad-share = “{ $value }”不能作得分比例。
assignment-bad-share-help = 比例大于 0、不超过 100，例如 %50%资源；如果百分号是答案的一部分，写成 \%。
assignment-empty-alternative = “|”的一边没有答案。
assignment-empty-alternative-help = 请补上答案或删去多余的 |；还不知道答案的空写成 [[]]。
assignment-long-alternative = 答案太长，最多 { $most } 个字符。
assignment-long-alternative-help = 需要写一段话的题，请用 {"{essay points=10}"}。
assignment-unconfirmed-open = 这个空还没有答案，“?”没有意义。
assignment-unconfirmed-open-help = 请补上答案，或删去“?”。
assignment-regex-alternatives = 用正则表达式的空只能有一个答案。
assignment-regex-alternatives-help = “或”写在表达式里面，前面加反斜杠：[[(红\|黄)色]]。
assignment-bad-regex = 正则表达式不成立：{ $reason }。
assignment-bad-regex-help = 方括号、竖线前的反斜杠要写两个（\\[、\\|）；“或”写成 \|。
assignment-not-a-number = 答案“{ $text }”不是数。
assignment-not-a-number-help = match=number 的答案写成 100、1.5、一百、70% 这样的数；否则请删去 match=number。

assignment-unclosed-attributes = 花括号没有结束。
assignment-unclosed-attributes-help = 请在同一行里用“{"}"}”结束；带引号的内容两边都要有引号；要显示花括号本身，写成 \{"{"}。
assignment-misspelt-attribute = 不认识“{ $name }”。
assignment-misspelt-attribute-help = 是不是“{ $suggestion }”？
assignment-unknown-attribute = 不认识“{ $name }”。
assignment-unknown-attribute-help = 这里可以写的有 { $known }；要显示花括号本身，写成 \{"{"}。
assignment-duplicate-attribute = “{ $name }”写了两次。
assignment-duplicate-attribute-help = 请只留一个。
assignment-empty-attribute = “{ $name }”没有内容。
assignment-empty-attribute-help = 写成 { $name }=内容；内容里有空格时用英文双引号括起来。
assignment-long-attribute = “{ $name }”太长。
assignment-long-attribute-help = 最多 { $most } 个字符。
assignment-bad-points = “{ $value }”不能作分值。
assignment-bad-points-help = 分值从 0 到 10000，最多六位小数，例如 points=2 或 points=0.5。
assignment-misspelt-match = 不认识判定方式“{ $value }”。
assignment-misspelt-match-help = 是不是“{ $suggestion }”？
assignment-bad-match = 不认识判定方式“{ $value }”。
assignment-bad-match-help = 可以写 auto（默认）、exact（逐字）、number（数）、regex（正则表达式）。

assignment-key-refuses-itself = 这个答案连它自己都判不对。
assignment-key-refuses-itself-help = 请换一种写法；只有标点或空格的答案请加 match=exact。
assignment-near-keys = 这两个空的答案很像。
assignment-near-keys-help = 学生填错位置时会等您判定；如果它们可以互换，请给两个空同一个 group。
assignment-wide-pattern = 这个正则表达式太宽。
assignment-wide-pattern-help = 请把表达式写得更具体。
