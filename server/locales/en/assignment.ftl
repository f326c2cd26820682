# The list of assignments and the sheet.

assignment-list-title = Assignments
assignment-list-open = To do
assignment-list-classes = Of your classes
assignment-list-done = Handed in
assignment-list-past = Closed
assignment-list-empty = No assignments yet
assignment-list-empty-text = What your teacher gives appears here. Not in a class yet? Join with the class code first.
assignment-list-empty-teacher = The teachers of a class import and give its assignments, on the pages of the class.
assignment-list-empty-action = My classes
assignment-to-marks = My marks

assignment-state-new = Not begun
assignment-state-begun = Not handed in
assignment-state-late = Overdue, still taken
assignment-state-done = Handed in
assignment-state-closed = Closed
assignment-state-missed = Missed
assignment-state-not-open = Not open yet
assignment-state-given = Given
assignment-state-not-given = Not given

assignment-opens = Opens
assignment-due = Due
assignment-closes = Closes
assignment-no-due = No due time
assignment-extended = Your teacher gave you more time
assignment-zone = All times are { $zone }, by the server’s clock.
assignment-rules = Rules
assignment-chapter = Read the chapter
assignment-points = { $points ->
    [1] 1 point
   *[other] { $points } points
}
assignment-points-of = { $points } / { $of } points

assignment-left-days = { $days } d { $hours } h left
assignment-left-hours = { $hours } h { $minutes } min left
assignment-left-minutes = { $minutes } min { $seconds } s left
assignment-ago-days = { $days } d { $hours } h ago
assignment-ago-hours = { $hours } h { $minutes } min ago
assignment-ago-minutes = { $minutes } min { $seconds } s ago

assignment-rule-late = Late work loses { $per-day }% for each day begun.
assignment-rule-late-floor = Late work loses { $per-day }% for each day begun, and keeps { $floor }% at least.
assignment-rule-not-late = Late work is not taken.
assignment-rule-bell = At closing, what you have typed and not handed in is handed in for you.
assignment-rule-no-bell = At closing, only what you handed in yourself counts.
assignment-rule-attempts-any = You may try as often as you like.
assignment-rule-attempts = You have { $allowed } attempts, { $left } left. Gaps and answers waiting for the teacher alone do not use one up.
assignment-rule-best = The best attempt counts.
assignment-rule-last = The last attempt counts.
assignment-rule-first = The first attempt counts.
assignment-rule-verdicts-later = What is right and wrong is shown after closing.
assignment-rule-keys-never = Keys are not shown.
assignment-rule-keys-closed = Keys are shown after { $at }.
assignment-rule-keys-handed-in = Keys are shown once you have no attempt left, or after closing.
assignment-rule-keys-always = Keys are shown as soon as you hand in.

assignment-question-label = Question { $number }
assignment-blank-label = Blank { $blank } of { $blanks }, question { $question }
assignment-text-label = Your answer to question { $number }
assignment-text-placeholder = Write here, 20,000 characters at most
assignment-rubric = How it is marked

assignment-project-rule = One hand-in for the whole class, by an operator.
assignment-project-operators = Operators: { $names }.
assignment-project-no-operators = The class has no operator yet; ask your teacher.
assignment-project-handed-in = { $name } handed this in for the class at { $at }.
assignment-sentence-separator = {" "}
assignment-list-separator = {", "}

assignment-preview = This is what students see. Nothing can be answered here and nothing is recorded.
assignment-not-open = Not open yet
assignment-not-open-text = The questions appear here when it opens.
assignment-closed = Closed
assignment-closed-text = Nothing more can be answered. If something came up, talk to your teacher.
assignment-archived-text = An archived class can be read; nothing more can be answered.
assignment-done = Handed in
assignment-done-text = Choose an attempt below to see the marked sheet.
assignment-done-again = Choose an attempt below to see the marked sheet, or try again.
assignment-late-fields = { $count ->
    [one] One field reached the server after closing. It is kept and your teacher can see it, but it does not count.
   *[other] { $count } fields reached the server after closing. They are kept and your teacher can see them, but they do not count.
}
assignment-again = Try again
assignment-hand-in = Hand in
assignment-hand-in-hint = You see the result at once. Gaps may stay open for now.

# What is refused, and what to do.
assignment-not-open-yet = The assignment is not open yet. Please come back when it is.
assignment-class-archived = The class is archived
assignment-closed-empty = The assignment closed at { $closed }; your hand-in arrived at { $arrived } and was not taken.
assignment-closed-kept = The assignment closed at { $closed }; your hand-in arrived at { $arrived } and does not count. What you wrote is kept and your teacher can see it.
assignment-taken = Attempt { $number } was handed in already; these changes do not count. To change something, try again.
assignment-handed-in-already = It is handed in and cannot be changed any more.
assignment-attempt-unknown = This page is out of date. Please reload it and try again.
assignment-field-unknown = The questions have changed. Please reload the page.
assignment-text-too-long = Too long: { $most } characters at most.
assignment-sheet-too-large = That is too much. Please shorten it and hand in again.
assignment-hand-in-malformed = The sheet did not arrive whole. Please reload the page and hand in again.
assignment-draft-malformed = Not saved: what arrived was not whole. Please reload the page.
