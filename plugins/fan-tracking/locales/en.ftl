# Days and numbers
day = { $month ->
    [1] { $day } Jan
    [2] { $day } Feb
    [3] { $day } Mar
    [4] { $day } Apr
    [5] { $day } May
    [6] { $day } June
    [7] { $day } July
    [8] { $day } Aug
    [9] { $day } Sept
    [10] { $day } Oct
    [11] { $day } Nov
   *[12] { $day } Dec
}
day-short = { $month ->
    [1] { $day } Jan
    [2] { $day } Feb
    [3] { $day } Mar
    [4] { $day } Apr
    [5] { $day } May
    [6] { $day } Jun
    [7] { $day } Jul
    [8] { $day } Aug
    [9] { $day } Sep
    [10] { $day } Oct
    [11] { $day } Nov
   *[12] { $day } Dec
}
people = followers: { $count }
yes = yes

# The goal
goal = Goal: { $goal } followers
goal-total = { $total } / { $goal }
until = Figures as of
term-ends = last day of the term
needed = Net needed a day
days-left = { $days ->
    [one] one day left
   *[other] { $days } days left
}
pace = Net now a day
pace-of = mean of 14 days
pace-mean = Mean net of the last 14 days:
pace-none = no whole day yet
pace-enough = fast enough
pace-short = too slow
way-unknown = There are no figures yet.
way-reached = The goal is reached!
way-no-end = The teacher has not said when the term ends, so nobody can tell what each day must bring.
way-over = The term is over.
way-needs = On the way.
set-end = Say when the term ends
no-total = Nobody has entered a total yet, so counting begins at 0. Enter the total of any day below; the days before and after follow from it.

# Where figures come from
tier-0-title = The account is not connected
tier-0-source = Figures are typed in, or come from a file of the back office. Each morning, find yesterday's figures under 用户分析 in the back office and enter them below; or import a file once a week.
tier-0-next = Once the teacher connects the server, followers who come and leave are counted by themselves, and claim words tell who brought them.
tier-0-credit = The account is not connected, so claim words are not received. Students declare below whom they brought, and the teacher checks it.
tier-u-title = Account without verification: it receives messages only
tier-u-source = Followers who come and leave are counted as it happens. Now and then an event is missed: import a back-office file once a week to check.
tier-u-next = With verification, the platform itself tells each morning the exact figures of the day before.
tier-u-credit = A friend who sends your claim word to the account within 24 hours after following counts as brought by you.
tier-s-title = Verified subscription account
tier-s-source = Followers who come and leave are counted as it happens, and checked with the platform each morning. Usually nothing needs typing; see “All days” where figures differ.
tier-s-next = A verified service account also gives each student a QR code of their own.
tier-s-credit = A friend who sends your claim word to the account within 24 hours after following counts as brought by you.
tier-f-title = Verified service account
tier-f-source = Followers who come and leave are counted as it happens, and checked with the platform each morning. Usually nothing needs typing; see “All days” where figures differ.
tier-f-next = No account can do more than this.
tier-f-credit = Friends who follow by your own QR code count as brought by you; without the code, the claim word within 24 hours does it.

# Entering
enter = Enter a day's figures
enter-hint = Entering a day again replaces its figures; saving it empty takes them back. To change an earlier day, choose it in the table below. The platform's figures and files come first.
day-title = Day
gained = New
lost = Lost
net = Net
total = Total
total-hint = May be left out: it then follows from the day before.
save = Save
figures-saved = The figures are saved.
figures-removed = What was typed for this day is taken back.
day-wrong = Choose a day.
day-future = This day is still to come.
day-old = Only days of the last two years; look at the year.
number-wrong = Enter a whole number.
recent = The last 14 days
all-days = All days
source = Source
source-typed = typed in
source-import = back-office file
source-channel = platform
source-live = live events
source-none = no figures
off = off by { $off }
differs = sources differ
off-hint = “Off by”: the total is not that of the day before with the net added. Compare with the account's back office.
trust-hint = Where several sources speak of a day, the first of these counts: platform, back-office file, typed in, live events. What differs is listed.
days-odd = { $odd ->
    [one] The figures of one day do not fit; it is marked in the table.
   *[other] The figures of { $odd } days do not fit; they are marked in the table.
}
days-empty = Enter a first day, or import a file of the back office, and this page has something to show.

# Charts and forecast
chart-total = Total followers
chart-total-source = up to yesterday; the shade is where it may go
chart-total-text = Curve of the total from { $start } to { $last }
legend-half = one half of the paths
legend-wide = 80% of the paths
legend-no-goal = The goal of { $goal } is above the chart
outlook-last = As things go, the total on { $month ->
    [1] { $day } January
    [2] { $day } February
    [3] { $day } March
    [4] { $day } April
    [5] { $day } May
    [6] { $day } June
    [7] { $day } July
    [8] { $day } August
    [9] { $day } September
    [10] { $day } October
    [11] { $day } November
   *[12] { $day } December
} will be between { $low } and { $high } with a chance of 80%; the middle is { $middle }.
outlook-sure = The goal will most likely be reached.
outlook-open = The goal can be reached.
outlook-short = Like this, the goal is out of reach: something has to change.
outlook-missing = A forecast needs { $first } days; { $missing } are missing. With fewer, its error is larger than what it says.
outlook-trials = How good earlier forecasts were
outlook-inside = { $inside } of { $tried } were right
outlook-how = How: Holt's method with a damped trend on the daily net, then 500 simulated paths. The width was set on simulated semesters, so that eight of ten should come true. The table does the same with what was known then, for four weeks later (or yesterday), and holds it against what came.
outlook-weeks = The forecast week by week
outlook-low = Low (10%)
outlook-middle = Middle
outlook-high = High (90%)
trial-made = Made on
trial-for = For
trial-said = It said
trial-came = It became
trial-verdict = Right?
origin-part = Its part
trial-inside = right
trial-outside = wrong
milestones = Milestones
milestone-reached = reached
milestone-next = next
milestone-coming = at this pace about

# One curve
curve = One curve, three stories
curve-source = Lines with numbers are publications; their titles are in the table
curve-text = Total from { $start } to { $last } with publications on { $publications } days
curve-short = Last 4 weeks
curve-long = Whole term
curve-table = What happened each day
net-each-day = Net each day
answered-each-day = Questions answered each day
cause-title = On the same day is not because of it
cause = Growth on somebody's duty may come from an article, a campaign, a weekend, or chance. To find the cause, compare several publications and think of what else changed.
published = Published
on-duty = On duty
answered = Answered / asked
untitled = (no title)
no-duty = The class does not use the duty rota, so there are no names.
no-questions = The class does not use the Q&A inbox, so there are no questions.

# Import
import = Import a back-office file
import-where = In the account's back office open 数据 → 用户分析 → 用户增长, choose the days, press 下载表格, and send the file as it is.
import-file = File
import-hint = .xls, .xlsx or .csv, up to 2 MB. You see what it would change before it counts.
import-look = Look into it
import-missing = Choose a file.
import-empty = The file is empty.
import-large = The file is too large: 2 MB, 4,000 lines and 64 columns at most.
import-kind = This is no table.
import-damaged = The file is damaged and cannot be opened.
import-password = The file has a password.
import-line = Line { $line } cannot be read.
import-head = There is no head: the columns 时间, 新关注人数 and 取消关注人数 are needed.
import-date = The day in line { $line }, “{ $text }”, cannot be read.
import-future = The day in line { $line }, “{ $text }”, is still to come.
import-old = The day in line { $line }, “{ $text }”, is more than two years ago.
import-number = “{ $text }” in line { $line } is no number of followers.
import-twice = The day in line { $line }, “{ $text }”, is there twice with different figures.
import-no-days = There is no day below the head.
import-refused = The file was not imported
import-mend = Nothing has changed. Download it again from the back office, change nothing, and send it again; or type the figures in.
imports = Imported files
import-days = { $days ->
    [one] one day
   *[other] { $days } days
}
import-undo = Undo
import-undo-sure = Undo this import? The figures from before count again.
import-confirm = Import
import-cancel = Do not import
import-done = The file is imported.
import-undone = The import is undone; the figures from before count again.
import-nothing = All figures of the file were known; nothing has changed.
form-html = HTML table
form-xls = Excel 97
form-xlsx = Excel
form-text = text table
upload-previewed = not confirmed yet
upload-done = imported
upload-undone = undone
preview = Each day of the file
preview-counts = New days: { $new }; changed: { $changed }; known: { $same }.
preview-odd = { $odd ->
    [one] One day does not fit; it is marked in the table. Importing does not drop it: check it first.
   *[other] { $odd } days do not fit; they are marked in the table. Importing does not drop them: check them first.
}
notes = Notes
line-new = new
line-changed = changed
line-same = known
net-off = net off by { $off }

# Who brought them
credit = Who brought them
vested = Counted
vested-hint = following for { $days } days and still there
waiting = Waiting
gone = Left
corrected = Corrected
own-word = Your claim word
own-word-text = Ask friends who care to follow to send it to the account within 24 hours after following.
scene-code = Your own QR code
scene-code-hint = Whoever follows by this code counts as brought by you.
link-code = QR code of your page
link-code-hint = It opens a page to pass on: how to find the account, and your claim word.
own-account = Your own account does not count. Please send “本人{ $word }” to the public account.
own-account-known = Your own account is known and does not count.
own-account-title = Own account known
credit-rules-title = What counts
credit-rules = Only a first follow, after { $days } days, while the follower is there; who leaves is taken off; your own account does not count. Credit is for students. A follower gets nothing for following: no gift, no draw, no article only for followers.
flags = Worth a look
flags-hint = The program takes nothing off for this. There may be a good reason, such as a talk in a large class: ask.
flag-churn = Of { $all } followers brought, { $part } left within three days.
flag-ten-minutes = Of { $all } followers in the last four weeks, { $part } came within ten minutes.
flag-same-second = { $part } followers came in the same second.
flag-burst = { $part } new followers in the hour from { $hour }:00; usually { $all } at most.
credit-table = Each student
student = Student
word = Claim word
origins = Where followers come from
origins-table = Since the connection, still following
origin = Way
followers = Followers
origin-by-scene = QR code
origin-by-word = Claim word
origin-declared = Declared
origin-again = had followed before
origin-own = the class's own accounts
origin-unknown = nobody knows
origins-hint = “Nobody knows” is usually the largest: most people read an article and follow, and do not say who sent them.
origins-none = Once the account is connected, this shows where new followers come from.
declarations = Declarations
declarations-none = There are none.
declare-text = Where neither word nor code is possible, such as a talk in person, declare it here. It counts once the teacher has checked it.
declare-followers = How many
declare-note-title = Where and how
declare-note-hint = So that the teacher can check it; no names of others.
declare = Declare
declare-done = Declared; the teacher will check it.
declare-student = Students declare for themselves.
declare-day = Choose a day that has come.
declare-note = Say where and how.
declared-pending = to be checked
declared-accepted = accepted
declared-declined = declined
declared-live = new followers that day in all: { $count }; declared: { $declared }
declared-unknown = declared for that day in all: { $declared }; how many came is not known yet
accept = Accept
decline = Decline
decision-done = The decision is saved.
decision-wrong = Choose to accept or to decline.
corrections = Corrections
correct-text = A teacher may correct a count; the student sees the reason.
correct-followers = How many to add or take off
correct-hint = -5 takes five off.
correct-reason = Reason
correct = Correct
correct-done = Corrected.
correct-wrong = Nothing was corrected: choose a student, a whole number other than 0 (such as -5), and give a reason.

# Campaigns
campaigns = Campaign checklist
campaigns-text = The platform forbids to lure followers (诱导关注): followers won that way are removed and the account is closed. Go through this before every campaign, poster or article that asks people to follow.
campaign-title = Campaign
checklist = Confirm each point
check-gift = Following brings nothing: no gift, money, points or draw.
check-gift-why = “Follow and get” is the most common offence. Students may be rewarded, followers not.
check-gate = Articles, answers and events are open to those who do not follow.
check-gate-why = “Follow to read” and “follow and reply to get it” count as force.
check-share = Nobody is asked to share it in groups or to collect likes.
check-share-why = Luring people to share is looked for together with luring them to follow.
check-false = Nothing is exaggerated, threatening or made up.
check-false-why = False or pressing words are an offence too.
check-target = Only people who care are addressed: no flooding of groups, no bought followers.
check-target-why = Bought followers are gone in days and endanger the account.
check-credit = Every student uses their own word or code, never another's.
check-credit-why = The word only says who sent a follower; it changes nothing for the follower.
check-leave = Leaving has no drawback, and nobody asks why.
check-leave-why = Everything about a follower who leaves is deleted at once.
campaign-save = All confirmed: save
campaign-saved = The campaign is saved.
campaign-title-wrong = Give the campaign a name of up to 100 characters.
campaign-unchecked = Some points are not confirmed. Where one cannot be, change the campaign first.
campaigns-past = Campaigns that were checked
campaigns-none = None yet.
campaign-checked = checked

# The report
report = Weekly report
report-xlsx = Download as Excel
week-before = Week before
week-after = Week after
week-running = not over yet
week-empty = There are no figures for this week
week-net = Net this week
week-before-net = week before: { $net }
week-each-day = Mean net of a day
week-needed = needed: { $each-day }
week-gained = New: { $gained }; lost: { $lost }.
week-best = Best day:
week-questions = Questions asked: { $asked }; answered: { $answered }.
week-published = published:
week-milestone = { $level } followers reached.
week-days = Each day

# The page to pass on
landing = Meet our public account
landing-text = This is the public account of { $class }, written and answered by students.
landing-search = Search for the public account “{ $account }” in WeChat.
landing-search-any = Search for our public account in WeChat; the student who sent you knows its name.
landing-read = Read something first, and follow only if you find it useful.
landing-word = If you like, send this word within 24 hours after following, to say who sent you:
landing-free = You may read and ask whether you follow or not. There is no prize, and you may leave at any time.
# What followers are told
reply-slip = That word does not seem right. Please check it; it looks like A011.
reply-thanks = Noted, thank you for telling us. If you have a question, just write.
reply-known = We had already noted it, thank you. If you have a question, just write.
reply-own = Noted as your own account; it does not count as brought.
# The weekly report as a workbook
sheet-week = Week
sheet-all = All days
sheet-answered = Answered
sheet-gained = New in all
sheet-lost = Lost in all
sheet-net = Net in all
sheet-before = Net of the week before
sheet-goal = Goal
sheet-needed = Net needed a day
sheet-pace = Mean net of the last 14 days
