# What the teacher's command says.

command-heading-usage = Usage:{" "}
command-heading-commands = Commands:
command-heading-arguments = Arguments:
command-heading-options = Options:
command-label = { $label }:{" "}

command-about = Check, import and mark assignments, bring in rosters, take out marks.
command-about-examples =
    Common uses:
      grader check chapter3.txt                    see what is found in a textbook chapter
      grader import chapter3.md --class "Class 1"  look at the changes and send them
      grader help import                           all about one command

    Exit codes: 0 fine, 1 errors in a file, 2 wrong usage, 3 unreadable file or no server, 4 refused.
command-option-json = Print data as JSON
command-option-no-color = No colours (also: environment variable NO_COLOR)
command-option-lang = Language: zh-CN or en (default: the system's)
command-option-help = Print help
command-option-version = Print the version
command-option-server = Address of the server (default: GRADER_SERVER, a server running here, the last login)
command-option-yes = Agree to everything without asking
command-option-dry-run = Show what would happen and change nothing
command-option-class = Class: its id, join code or exact name
command-option-format = markdown, textbook, gift, moodle-xml or table (default: found out)

command-about-check = Check files: say what is understood and what is wrong. Contacts no server.
command-about-check-files = Assignment file or textbook text; “-” is standard input
command-about-check-examples =
    Examples:
      grader check chapter3.md
      grader check --json *.md > findings.jsonl
      cat chapter3.txt | grader check -
command-about-import = Check files, show what they change in the classroom, ask, and send them.
command-about-import-files = Assignment file or textbook text; “-” is standard input
command-about-import-output = Write an assignment file instead of sending; for a textbook also a draft FILE.chapter.md
command-about-import-examples =
    Examples:
      grader import chapter3.txt --output chapter3.md  from a textbook, to look through
      grader import chapter3.md --class "Class 1"      show the changes, ask, send
      grader import chapter3.md --class ABC123 -n      show the changes only
command-about-grade = Mark a table of answers offline.
command-about-grade-assignment = Assignment file
command-about-grade-answers = CSV with the columns student, question, blank and answer
command-about-grade-examples =
    Examples:
      grader grade chapter3.md --answers answers.csv > marked.csv
      grader grade chapter3.md -a answers.csv --json
command-about-roster = Rosters of classes.
command-about-roster-import = Bring in student numbers and names; shows the changes and asks first.
command-about-roster-import-file = CSV or xlsx with a column of student numbers and one of names
command-about-roster-import-examples =
    Examples:
      grader roster import students.xlsx --class "Class 1"
      grader roster import students.csv --class ABC123 --dry-run
command-about-export = Export the marks of a class.
command-about-export-assignment = Only this assignment (id or exact title)
command-about-export-format = Format: csv or xlsx
command-about-export-output = File to write to (default: standard output)
command-about-export-examples =
    Examples:
      grader export --class "Class 1" --format xlsx -o marks.xlsx
      grader export --class ABC123 > marks.csv
command-about-login = Sign in to a classroom and keep the token on this computer.
command-about-login-login = Login name (asked for if missing)
command-about-login-password-stdin = Read the password from standard input
command-about-login-examples =
    Examples:
      grader login --server https://class.example.cn
      grader login teacher-a --password-stdin < password-file
command-about-logout = Remove the token from this computer.
command-about-logout-examples =
    Examples:
      grader logout
command-about-completions = Print a completion script.
command-about-completions-shell = bash, zsh, fish, elvish or powershell
command-about-completions-examples =
    Examples:
      grader completions bash > ~/.local/share/bash-completion/completions/grader
command-about-man = Print the man page.
command-about-man-examples =
    Examples:
      grader man | man -l -

command-usage-unknown = There is no option or argument “{ $argument }”.
command-usage-command = There is no command “{ $command }”.
command-usage-required = Missing: { $argument }
command-usage-missing-command = Say what to do.
command-usage-conflict = “{ $argument }” cannot be used together with “{ $other }”.
command-usage-no-value = “{ $argument }” needs a value.
command-usage-value = “{ $argument }” cannot be “{ $value }”.
command-usage-utf8 = An argument contains characters that cannot be read.
command-usage-other = The argument “{ $argument }” is not used correctly.
command-usage-suggestion = Did you mean “{ $suggestion }”?{" "}
command-usage-values = Possible: { $values }.{" "}
command-usage-more = See grader help.

command-kind-blanks = { $count ->
    [one] 1 blank
   *[other] { $count } blanks
}
command-kind-essay = essay
command-kind-project = project
command-points = { $points } pt
command-proposal = blank { $blank }: { $answer } ({ $percent }%)
command-proposal-source = { $section }: { $quote }
command-totals = { $questions ->
    [one] 1 question
   *[other] { $questions } questions
}, { $blanks ->
    [one] 1 blank
   *[other] { $blanks } blanks
}, { $points ->
    [one] 1 point
   *[other] { $points } points
}.
command-totals-unconfirmed = {" "}{ $count ->
    [one] 1 key waits
   *[other] { $count } keys wait
} to be confirmed.
command-totals-open = {" "}{ $count ->
    [one] 1 blank has
   *[other] { $count } blanks have
} no key yet.
command-refused = { $file }: { $errors ->
    [one] 1 error
   *[other] { $errors } errors
}, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
}; the file was not read.
command-nothing-sent = Please mend the errors first. Nothing was sent.

command-unsupported-format = This is a { $format } file, which cannot be read yet.
command-unsupported-format-help = Assignment files (Markdown) and textbook text can be read; if the format was mistaken, name it with --format.
command-document = This is a word processor's document or a PDF and cannot be read directly.
command-document-help = Copy its text into a .txt file and try again.
command-undecodable = The file is not text in UTF-8, UTF-16 or GB18030: byte offset { $offset } cannot be read.
command-undecodable-help = Open it in an editor and save it as UTF-8; nothing has been replaced.

command-file-missing = There is no file “{ $file }”.
command-file-missing-help = Check the name and the directory.
command-file-forbidden = You may not open “{ $file }”.
command-file-forbidden-help = Check the file's permissions.
command-file-directory = “{ $file }” is a directory.
command-file-directory-help = Name the files in it, such as { $file }/*.md.
command-file-unreadable = “{ $file }” cannot be read: { $cause }.
command-file-unreadable-help = Check the disk and the file.
command-file-large = “{ $file }” is larger than 64 MiB.
command-file-large-help = Split the file.
command-empty = The file is empty: it has no text.
command-empty-help = If it came out of a PDF, the page may be a picture: have its text recognised first, or copy it in another way.
command-output-directory = “{ $file }” is a directory and cannot be written as a file.
command-output-directory-help = Name a file, such as { $file }/chapter-3.md.
command-output-input = “{ $file }” is the file that is read; writing it would destroy the original.
command-output-input-help = Give --output another name.
command-no-directory = There is no directory “{ $directory }”.
command-no-directory-help = Create it first, or choose another place.
command-unwritable = “{ $file }” cannot be written: { $cause }.
command-unwritable-help = Check that the directory exists and can be written to.
command-one-output = --output takes a single file.
command-one-output-help = Run the command once for each file.
command-class-needed = No class is named.
command-class-needed-help = Add --class CLASS; to write a file only, use --output FILE.md.
command-replace = { $files } already exists. Replace?
command-made-of = { $file } (the assignment file made of it)
command-made-of-help = The exercises need your hand: write them with --output, mend the file, and import that.
command-written = Wrote { $file }
command-would-write = Would write { $file } (--dry-run: not written)

command-yes-or-no = {" "}[y/N]{" "}
command-declined = You did not agree; nothing was changed.
command-no-terminal = This needs your confirmation, and there is no terminal to ask at.
command-no-terminal-help = Run it in a terminal, or add --yes to agree.
command-waiting = Waiting for { $url } …

command-no-server = It is not known where the classroom's server is.
command-no-server-help = Run grader login --server URL first, or run this in the server's directory.
command-bad-server = “{ $url }” is no server address.
command-bad-server-help = Write an address such as https://class.example.cn, without a user name, “?” or “#”.
command-not-signed-in = You are not signed in to { $url }.
command-not-signed-in-help = Run grader login --server { $url } first.
command-sign-in-again = The token is not valid or has expired: run grader login --server { $url }.
command-empty-token-file = The token file “{ $file }” is empty.
command-empty-token-file-help = Put a token from the account page into it.
command-bad-credentials = The stored logins in “{ $file }” are damaged.
command-bad-credentials-help = Delete the file and run grader login again.
command-no-home = There is no place to store the login.
command-no-home-help = Set the environment variable HOME or XDG_CONFIG_HOME.
command-host-not-found = The server { $url } cannot be found.
command-host-not-found-help = Check the address and the network.
command-server-timeout = The server { $url } did not answer in time.
command-server-timeout-help = Try again later; if the content has arrived, importing again does not double it.
command-server-certificate = The certificate of { $url } cannot be trusted: { $cause }.
command-server-certificate-help = Check the address; a server with a self-signed certificate needs a proper one.
command-server-down = The server { $url } is not running (connection refused).
command-server-down-help = Start it, or name another one with --server.
command-server-unreachable = The server { $url } cannot be reached: { $cause }.
command-server-unreachable-help = Check that it is running, that the address is right and that the network works.
command-server-failed = The server { $url } has a problem (status { $status }).
command-server-failed-help = Try again later; if it happens again, tell the administrator.
command-not-a-classroom = { $url } refused the request (status { $status }); it may not be a classroom.
command-not-a-classroom-help = Check the address.
command-not-accepted = { $url } did not take this request (status { $status }).
command-not-accepted-help = Check what you wrote; if it is right, the command and the server may be of different versions: update both.
command-no-assignment = There is no assignment “{ $assignment }”, or more than one.
command-no-assignment-help = Use its id or exact title. The class has:
command-roster-counts-leaving = {"  "}{ $added } added, { $renamed } renamed, { $left } leaving, { $returned } returned, { $unchanged } unchanged
command-odd-reply = The answer of { $url } is not understood: { $cause }.
command-odd-reply-help = The command and the server may be of different versions; update both.
command-request-id = {" "}(request { $id }, for the administrator)

command-no-class = There is no class “{ $class }”.
command-no-class-help = Use the class's id, join code or exact name.
command-no-classes = You teach no class yet. Create one on the web page first.
command-class-list = Choose one of your classes.
command-ambiguous-class = Several classes are called “{ $class }”.
command-ambiguous-class-help = Use the join code or the id.
command-class-line = { $students ->
    [one] 1 student
   *[other] { $students } students
}, join code { $code }

command-preview-new = New assignment “{ $title }” → { $class }
command-preview-changed = Changed assignment “{ $title }” → { $class }
command-no-changes = “{ $title }” is unchanged; nothing to send.
command-dry-run = --dry-run: stopping here, nothing was changed.
command-send-question = Send “{ $title }” to “{ $class }”?
command-sent = “{ $title }” is in “{ $class }”.
command-gains = {"  "}{ $count ->
    [one] 1 student gains
   *[other] { $count } students gain
} points:
command-losses = {"  "}{ $count ->
    [one] 1 student loses
   *[other] { $count } students lose
} points:
command-and-more = {"      "}… and { $count } more
command-key-counts = {"  "}Keys: { $confirmed } confirmed, { $unconfirmed } unconfirmed, { $open } missing
command-choose = {"      "}Choose 1–{ $most } (Enter for 1):{" "}
command-chosen = {"      "}Chosen: { $label } (--yes)

command-roster-head = Roster of { $class }
command-roster-read = encoding { $encoding }, student numbers in “{ $number }”, names in “{ $name }”
command-roster-counts = {"  "}{ $added } added, { $renamed } renamed, { $returned } returned, { $unchanged } unchanged, { $left } not in the file
command-roster-same = The roster is unchanged.
command-roster-question = Update the roster of “{ $class }”?
command-roster-sent = The roster of “{ $class }” is updated.

command-unclear = Please decide:
command-regraded = {"  "}{ $count ->
    [one] 1 answer was
   *[other] { $count } answers were
} marked anew.
command-roster-missing = { $count ->
    [one] 1 student of the class is not in the file and stays
   *[other] { $count } students of the class are not in the file and stay
}; add --leave-missing to let them leave.
command-about-roster-import-leave-missing = Let students who are not in the file leave (marks are kept)

command-exported = Wrote the marks of “{ $class }” to { $file }
command-xlsx-needs-file = An xlsx cannot be shown in a terminal.
command-xlsx-needs-file-help = Add -o marks.xlsx.

command-ask-login = Login name for { $url }:{" "}
command-ask-password = Password (not shown):{" "}
command-login-needed = A login name is needed.
command-login-needed-help = Write grader login NAME.
command-password-needed = A password is needed.
command-password-needed-help = Type it in a terminal, or add --password-stdin to read it from standard input.
command-plain-http = Note: { $url } is not encrypted; the password travels in the clear.
command-logged-in = Signed in to { $url } as “{ $name }”.
command-logged-out = Removed the token for { $url }. To end it everywhere, revoke it on the account page.
command-not-logged-in = No login is stored on this computer.

command-undecodable-table = “{ $file }” is not a table in UTF-8, UTF-16 or GB18030: byte offset { $offset } cannot be read.
command-undecodable-table-help = Save it as CSV UTF-8 and try again; nothing has been replaced.
command-table-broken = The table cannot be read on: { $cause }.
command-table-broken-help = Check that quotes come in pairs.
command-column-missing = The column “{ $column }” is missing.
command-column-missing-help = The first line names the columns; this one may be called { $names }.
command-row-length = This row has { $found } columns instead of { $expected }.
command-row-length-help = Put a field with a comma in double quotes.
command-row-question = The assignment has no question “{ $question }”.
command-row-question-help = The column question takes the printed number.
command-row-essay = Question { $question } has no blanks.
command-row-essay-help = Essays and projects are marked by people; remove the row.
command-row-blank = Question { $question } has no blank “{ $blank }”.
command-row-blank-help = The column blank counts from 1 to { $most }.
command-row-twice = “{ $student }” answers question { $question }, blank { $blank } a second time; the first is on line { $line }.
command-row-twice-help = Keep one of the rows.
command-row-long = The answer is longer than { $most } characters.
command-row-long-help = No answer to a blank is that long; please check.
command-table-refused = { $file }: { $count ->
    [one] 1 error
   *[other] { $count } errors
}; nothing was marked.
command-tally = { $rows ->
    [one] 1 answer
   *[other] { $rows } answers
}: { $correct } correct, { $partial } partly, { $incorrect } incorrect, { $review } for review, { $unanswered } unanswered.
