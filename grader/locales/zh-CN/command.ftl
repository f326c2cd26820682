# 教师命令 grader 的说明与消息。

command-heading-usage = 用法：
command-heading-commands = 命令：
command-heading-arguments = 参数：
command-heading-options = 选项：
command-label = { $label }：

command-about = 检查、导入和判阅作业，导入名册，导出成绩。
command-about-examples =
    常用：
      grader check 第三章.txt                     看看从教材里读出了什么
      grader import 第三章.md --class 营销一班    核对差异后送进课堂
      grader help import                          某个命令的详细说明

    退出码：0 正常，1 文件有错误，2 用法不对，3 读不了文件或连不上服务器，4 被拒绝。
command-option-json = 以 JSON 输出数据
command-option-no-color = 不用颜色（也可设环境变量 NO_COLOR）
command-option-lang = 语言：zh-CN 或 en（默认按系统语言）
command-option-help = 显示说明
command-option-version = 显示版本
command-option-server = 服务器地址（默认：环境变量 GRADER_SERVER、本机正在运行的服务器、上次登录的服务器）
command-option-yes = 不再询问，一律同意
command-option-dry-run = 只看会发生什么，不改动任何东西
command-option-class = 班级：编号、班级码或全名
command-option-format = 文件格式：markdown、textbook、gift、moodle-xml 或 table（默认自动识别）

command-about-check = 检查文件，说出读懂了什么、哪里有错；不联系服务器。
command-about-check-files = 作业文件或教材文字；“-”表示标准输入
command-about-check-examples =
    例子：
      grader check 第三章.md
      grader check --json *.md > 检查结果.jsonl
      cat 第三章.txt | grader check -
command-about-import = 检查文件，显示与课堂现有作业的差异，经您确认后送进课堂。
command-about-import-files = 作业文件或教材文字；“-”表示标准输入
command-about-import-output = 不送进课堂，写成作业文件；教材另写一份 .chapter.md 章节草稿
command-about-import-examples =
    例子：
      grader import 第三章.txt --output 第三章.md     从教材生成作业文件，先自己核对
      grader import 第三章.md --class 营销一班        看差异，确认后送出
      grader import 第三章.md --class ABC123 -n       只看差异
command-about-grade = 不联网，按作业文件判一张答案表。
command-about-grade-assignment = 作业文件
command-about-grade-answers = 答案表（CSV），含 student、question、blank、answer 四列（学号、题号、空、答案）
command-about-grade-examples =
    例子：
      grader grade 第三章.md --answers 答案.csv > 结果.csv
      grader grade 第三章.md -a 答案.csv --json
command-about-roster = 班级名册。
command-about-roster-import = 从表格导入学号和姓名；先显示差异，经您确认后更新。
command-about-roster-import-file = CSV 或 xlsx 表格，含学号和姓名两列
command-about-roster-import-examples =
    例子：
      grader roster import 名单.xlsx --class 营销一班
      grader roster import 名单.csv --class ABC123 --dry-run
command-about-export = 导出班级成绩。
command-about-export-assignment = 只导出这份作业（编号或全名）
command-about-export-format = 格式：csv 或 xlsx
command-about-export-output = 写到文件（默认写到标准输出）
command-about-export-examples =
    例子：
      grader export --class 营销一班 --format xlsx -o 成绩.xlsx
      grader export --class ABC123 > 成绩.csv
command-about-login = 登录课堂，把令牌存在这台电脑上。
command-about-login-login = 登录名（不写则询问）
command-about-login-password-stdin = 从标准输入读密码
command-about-login-examples =
    例子：
      grader login --server https://class.example.cn
      grader login 教师A --password-stdin < 密码文件
command-about-logout = 删去这台电脑上的令牌。
command-about-logout-examples =
    例子：
      grader logout
command-about-completions = 输出命令补全脚本。
command-about-completions-shell = bash、zsh、fish、elvish 或 powershell
command-about-completions-examples =
    例子：
      grader completions bash > ~/.local/share/bash-completion/completions/grader
command-about-man = 输出手册页。
command-about-man-examples =
    例子：
      grader man | man -l -

command-usage-unknown = 没有“{ $argument }”这个选项或参数。
command-usage-command = 没有“{ $command }”这个命令。
command-usage-required = 还缺：{ $argument }
command-usage-missing-command = 请写明要做什么。
command-usage-conflict = “{ $argument }”不能和“{ $other }”一起用。
command-usage-no-value = “{ $argument }”后面要有内容。
command-usage-value = “{ $argument }”不能是“{ $value }”。
command-usage-utf8 = 参数里有不能识别的字符。
command-usage-other = 参数“{ $argument }”用得不对。
command-usage-suggestion = 是不是“{ $suggestion }”？
command-usage-values = 可以写：{ $values }。
command-usage-more = 详细说明见 grader help。

command-kind-blanks = 填空 { $count } 空
command-kind-essay = 论述
command-kind-project = 项目
command-points = { $points } 分
command-proposal = 空 { $blank }：{ $answer }（{ $percent }%）
command-proposal-source = { $section }：{ $quote }
command-totals = 共 { $questions } 题，{ $blanks } 空，{ $points } 分。
command-totals-unconfirmed = 待确认的答案 { $count } 个。
command-totals-open = 还没有答案的空 { $count } 个。
command-refused = { $file }：有 { $errors } 处错误、{ $warnings } 处警告，没有读取。
command-nothing-sent = 请先改正错误。没有送出任何内容。

command-unsupported-format = 认出这是 { $format } 格式的文件，目前还不能读取。
command-unsupported-format-help = 现在能读作业文件（Markdown）和教材文字；如果认错了，请用 --format 指明。
command-document = 这是文字处理或 PDF 文档，不能直接读取。
command-document-help = 请把文字复制出来，存成 .txt 文件再试。
command-undecodable = 文件不是 UTF-8、UTF-16 或 GB18030 编码的文字：字节偏移 { $offset } 处读不懂。
command-undecodable-help = 请用编辑器打开并另存为 UTF-8；没有替换任何字符。

command-file-missing = 找不到文件“{ $file }”。
command-file-missing-help = 请核对文件名和所在的文件夹。
command-file-forbidden = 没有权限打开“{ $file }”。
command-file-forbidden-help = 请检查文件的权限。
command-file-directory = “{ $file }”是一个文件夹。
command-file-directory-help = 请写出里面的文件，例如 { $file }/*.md。
command-file-unreadable = 读不了“{ $file }”：{ $cause }。
command-file-unreadable-help = 请检查磁盘和文件。
command-file-large = “{ $file }”超过 64 MiB。
command-file-large-help = 请拆成几个文件。
command-empty = 文件是空的，没有文字。
command-empty-help = 如果是从 PDF 里提取的，那一页可能只是图片：请先做文字识别，或换一种复制的办法。
command-output-directory = “{ $file }”是一个文件夹，不能当作文件来写。
command-output-directory-help = 请写出文件名，例如 { $file }/chapter-3.md。
command-output-input = “{ $file }”就是要读取的文件，写进去会把原文盖掉。
command-output-input-help = 请给 --output 换一个文件名。
command-no-directory = 没有“{ $directory }”这个文件夹。
command-no-directory-help = 请先建立文件夹，或换一个位置。
command-unwritable = 写不了“{ $file }”：{ $cause }。
command-unwritable-help = 请检查文件夹是否存在、能否写入。
command-one-output = 用 --output 时只能有一个文件。
command-one-output-help = 请每个文件运行一次。
command-class-needed = 没有写明班级。
command-class-needed-help = 请加 --class 班级；只想写成文件时用 --output 文件.md。
command-replace = 文件 { $files } 已经存在，要覆盖吗？
command-made-of = { $file }（生成的作业文件）
command-made-of-help = 教材里的题目还要您整理：请用 --output 写成作业文件，改好后再导入。
command-written = 已写入 { $file }
command-would-write = 将写入 { $file }（因为 --dry-run，没有写）

command-yes-or-no = {" "}[y/N]{" "}
command-declined = 您没有同意，什么也没有改动。
command-no-terminal = 这里需要您确认，但没有可以询问的终端。
command-no-terminal-help = 请在终端里运行，或加 --yes 表示同意。
command-waiting = 正在等待 { $url } …

command-no-server = 不知道课堂在哪台服务器上。
command-no-server-help = 请先运行 grader login --server 网址，或在服务器的文件夹里运行。
command-bad-server = “{ $url }”不是服务器地址。
command-bad-server-help = 写成 https://class.example.cn 这样的网址，不带账号、“?”和“#”。
command-not-signed-in = 还没有登录 { $url }。
command-not-signed-in-help = 请先运行 grader login --server { $url }。
command-sign-in-again = 令牌无效或已过期：请运行 grader login --server { $url }。
command-empty-token-file = 令牌文件“{ $file }”是空的。
command-empty-token-file-help = 请把账号页面上生成的令牌写进去。
command-bad-credentials = 登录记录“{ $file }”已损坏。
command-bad-credentials-help = 请删去它，再运行 grader login。
command-no-home = 不知道该把登录记录存在哪里。
command-no-home-help = 请设置环境变量 HOME 或 XDG_CONFIG_HOME。
command-host-not-found = 找不到服务器 { $url }。
command-host-not-found-help = 请核对地址，检查网络。
command-server-timeout = 服务器 { $url } 没有及时回答。
command-server-timeout-help = 请稍后再试；内容可能已经送到，再次导入不会重复。
command-server-certificate = 不能信任 { $url } 的证书：{ $cause }。
command-server-certificate-help = 请核对地址；自签证书的服务器请由管理员换上正式证书。
command-server-down = 服务器 { $url } 没有在运行（连接被拒绝）。
command-server-down-help = 请先启动服务器，或用 --server 写明另一台服务器的地址。
command-server-unreachable = 连不上服务器 { $url }：{ $cause }。
command-server-unreachable-help = 请确认服务器正在运行、地址正确、网络通畅。
command-server-failed = 服务器 { $url } 出了问题（状态 { $status }）。
command-server-failed-help = 请稍后再试；一再出现时请告诉管理员。
command-not-a-classroom = { $url } 拒绝了请求（状态 { $status }），它可能不是课堂服务器。
command-not-a-classroom-help = 请核对地址。
command-not-accepted = { $url } 没有接受这个请求（状态 { $status }）。
command-not-accepted-help = 请核对写下的参数；仍不行时，命令和服务器的版本可能不同，请都更新到最新版。
command-no-assignment = 没有找到作业“{ $assignment }”，或者不止一份。
command-no-assignment-help = 请用作业的编号或全名。班里有：
command-roster-counts-leaving = {"  "}新增 { $added }，改名 { $renamed }，离开 { $left }，回来 { $returned }，不变 { $unchanged }
command-odd-reply = 看不懂 { $url } 的回答：{ $cause }。
command-odd-reply-help = 命令和服务器的版本可能不同，请都更新到最新版。
command-request-id = （请求编号 { $id }，可供管理员查询）

command-no-class = 没有找到班级“{ $class }”。
command-no-class-help = 请用班级编号、班级码或全名。
command-no-classes = 您还没有任教的班级。请先在网页上建立班级。
command-class-list = 请从您任教的班级里选一个。
command-ambiguous-class = 有几个班级都叫“{ $class }”。
command-ambiguous-class-help = 请改用班级码或编号。
command-class-line = 学生 { $students } 人，班级码 { $code }

command-preview-new = 新作业《{ $title }》→ { $class }
command-preview-changed = 更新作业《{ $title }》→ { $class }
command-no-changes = 《{ $title }》没有变化，不用更新。
command-dry-run = 因为 --dry-run，到此为止，没有改动任何东西。
command-send-question = 要把《{ $title }》送进“{ $class }”吗？
command-sent = 《{ $title }》已送进“{ $class }”。
command-gains = {"  "}加分 { $count } 人：
command-losses = {"  "}减分 { $count } 人：
command-and-more = {"      "}……还有 { $count } 人
command-key-counts = {"  "}答案：已确认 { $confirmed }，待确认 { $unconfirmed }，还没有 { $open }
command-choose = {"      "}请选择 1–{ $most }（直接回车选 1）：
command-chosen = {"      "}选了：{ $label }（因为 --yes）

command-roster-head = “{ $class }”的名册
command-roster-read = 编码 { $encoding }，学号列“{ $number }”，姓名列“{ $name }”
command-roster-counts = {"  "}新增 { $added }，改名 { $renamed }，回来 { $returned }，不变 { $unchanged }，不在文件里 { $left }
command-roster-same = 名册没有变化。
command-roster-question = 要更新“{ $class }”的名册吗？
command-roster-sent = “{ $class }”的名册已更新。

command-unclear = 有几处要请您决定：
command-regraded = {"  "}重判了 { $count } 个答案。
command-roster-missing = 班里有 { $count } 名学生不在文件里，他们仍留在班里；要让他们离班，请加 --leave-missing。
command-about-roster-import-leave-missing = 让不在文件里的学生离班（成绩保留）

command-exported = “{ $class }”的成绩已写入 { $file }
command-xlsx-needs-file = xlsx 不能显示在终端里。
command-xlsx-needs-file-help = 请加 -o 成绩.xlsx。

command-ask-login = { $url } 的登录名：
command-ask-password = 密码（输入时不显示）：
command-login-needed = 需要登录名。
command-login-needed-help = 写成 grader login 登录名。
command-password-needed = 需要密码。
command-password-needed-help = 请在终端里输入，或加 --password-stdin 从标准输入读取。
command-plain-http = 注意：{ $url } 没有加密，密码会在网络上明文传送。
command-logged-in = 已以“{ $name }”的身份登录 { $url }。
command-logged-out = 已删去 { $url } 的令牌。要让它在别处也失效，请到网页的账号页面撤销。
command-not-logged-in = 这台电脑上没有登录记录。

command-undecodable-table = “{ $file }”不是 UTF-8、UTF-16 或 GB18030 编码的表格：字节偏移 { $offset } 处读不懂。
command-undecodable-table-help = 请另存为 CSV UTF-8 再试；没有替换任何字符。
command-table-broken = 表格读不下去：{ $cause }。
command-table-broken-help = 请检查引号是否成对。
command-column-missing = 缺少“{ $column }”列。
command-column-missing-help = 第一行是列名，这一列可以叫 { $names }。
command-row-length = 这一行有 { $found } 列，应当有 { $expected } 列。
command-row-length-help = 内容里有逗号时，用英文双引号括起来。
command-row-question = 作业里没有第“{ $question }”题。
command-row-question-help = question 列写印在题目前的题号。
command-row-essay = 第 { $question } 题不是填空题。
command-row-essay-help = 论述题和项目题由老师评阅，请从表里去掉。
command-row-blank = 第 { $question } 题没有第“{ $blank }”空。
command-row-blank-help = blank 列从 1 数到 { $most }。
command-row-twice = “{ $student }”的第 { $question } 题第 { $blank } 空写了两行，前一行是第 { $line } 行。
command-row-twice-help = 请只留一行。
command-row-long = 答案超过 { $most } 个字符。
command-row-long-help = 填空的答案不会这么长，请核对。
command-table-refused = { $file }：有 { $count } 处错误，没有判。
command-tally = 共判 { $rows } 个答案：对 { $correct }，部分对 { $partial }，错 { $incorrect }，待老师看 { $review }，没写 { $unanswered }。
