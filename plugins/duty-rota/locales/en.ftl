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
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
today = today
colon = :{ " " }
comma = ,{ " " }
points = { $points } points
post-chief = Chief
post-deputy = Deputy
post-editor = Editor
person-left = left the class

rota-day = Day
rota-coming = The next two weeks
mine = My shifts
mine-none = No shift is planned for you from here on.
mine-calendar = Put my shifts into my calendar
today-people = On duty today
today-none = Nobody is planned for today.
offers-open = { $count ->
    [one] One offer to swap waits for somebody
   *[other] { $count } offers to swap wait for somebody
}

duty-title = You are on duty today: { $post }
now-check-in = Now: check in
now-check-in-until = until { $time }
now-questions = { $count ->
    [one] Now: one question waits for your answer
   *[other] Now: { $count } questions wait for your answer
}
now-questions-go = Answer
now-publication = Now: bring today’s publication “{ $title }” forward
now-publication-go = Open it
now-handover = Now: write a note for the next shift
now-handover-go = Write it
now-wait = Check-in opens at { $time }. Nothing to do until then.
now-done = Everything is done for today. Thank you.
step-done = Done
step-now = Now
step-later = Later
step-check-in-kept = Checked in
step-check-in-open = Check in
step-check-in-early = Check in from { $time }
step-check-in-over = Not checked in, and the time is over; tell an operator
step-questions = Questions today: { $asked } asked, { $answered } answered
step-questions-waiting = { $count } waiting
step-publication-none = No publication is planned for today
step-handover = Note for the next shift
notes-title = From the shift before
check-in = Check in
check-in-code = The code shown in class
check-in-code-hint = Six digits; ask a teacher or an operator.
check-in-kept = Checked in
check-in-done = You are checked in. Thank you for today.
check-in-before = You had checked in already.
check-in-other-day = You can check in on the day of the shift only.
check-in-too-early = Check-in is not open yet. Come back later.
check-in-over = The time to check in is over. If you were there, tell an operator.
check-in-code-wrong = That is not the code. Look again.
check-in-locked = Too many wrong codes. Tell a teacher or an operator.
check-in-changed = The shift has just gone to somebody else. Look again.
handover = Handover
handover-text = For the next shift
handover-hint = What is unanswered, what to look out for. Empty it and save to take it back.
handover-save = Save the note
handover-saved = Saved. The next shift will see it.
handover-deleted = The note is taken back.
handover-other-day = A note can be written on the day of the shift and the day after.

widget-publication = Publication:{ " " }
widget-check-in = You are on duty: check in
widget-mine = You are on duty: what is left to do
widget-wait = You are on duty: check in from { $time }
widget-next = Your next one:{ " " }
mine-more = See what else is to do today
widget-tomorrow = You are on duty tomorrow: { $post }
late-title = Publications

shift = Shift
shift-missed = Missed
shift-excused = Missed, excused
shift-offered = This shift is offered to others.
shift-absent = Cannot come? See who could step in
excuse = Excuse it
excuse-back = Do not excuse it
excuse-done = Excused: it does not count as missed.
excuse-taken-back = It counts as missed again.
excuse-not-missed = This shift was not missed.
kept = They were there
kept-back = Take back “they were there”
kept-done = Noted as kept.
kept-taken-back = Taken back.
kept-not-yet = That day is still to come.

why = Why this student
why-load = { $load } points in the whole term, against a fair share of { $target }.{ " " }
why-free = Of { $people } students { $free } could have this day
why-others = ; the others:{ " " }
why-course = { $count } in a course
why-away = { $count } away
why-near = { $count } within { $gap } days of another shift
why-rested = { $days ->
    [one] One day after the shift before.
   *[other] { $days } days after the shift before.
}
why-first = The first shift.
why-repair = Filled in for a student who could not come.
why-hand = Set by an operator.
why-swap = Exchanged with another student.
why-favour = Taken over for another student.

offer = Swap, or find a stand-in
offer-hint = Only days that break no rule are listed. It counts when the other one agrees.
offer-return = For which day
offer-favour = None: somebody stands in (a favour)
offer-to = Who should stand in
offer-to-hint = Leave it for a swap.
offer-everybody = Anybody
offer-note = A word to them
offer-send = Offer it

swaps = Swaps
swaps-hint = To swap a shift of yours, open it from the page “Duty”.
swaps-approval = { " " }After somebody has accepted, a teacher has to agree.
swaps-none = No swap is waiting
swaps-none-text = Something came up? Open your shift: swap it for another day, or ask somebody to stand in.
swaps-none-go = My shifts
swaps-over = Over
swap-anybody = anybody
swap-ends = open until
swap-accept = I take it
swap-approve = Agree
swap-refuse = Do not agree
swap-withdraw = Withdraw
swap-offered = waits for somebody
swap-accepted = accepted, waits for a teacher
swap-done = done
swap-withdrawn = withdrawn
swap-refused = the teacher did not agree
swap-expired = expired
swap-void = void: the shift has changed
swap-accepted-now = It is yours; the rota is changed.
swap-withdrawn-now = Withdrawn.
swap-offered-now = Offered. Somebody has to take it.
swap-approved-now = Agreed: the swap is done.
swap-refused-now = They are told that you do not agree.
swap-waits = Accepted. A teacher has to agree.
swap-over = This swap is over, or the shift is past.
swap-taken = Somebody was quicker: it is taken.
swap-changed = Something else has just changed. Try again.
swap-own = You cannot take your own shift.
swap-not-for-you = This offer is for somebody else.
swap-person-unknown = That is no student of this class. Choose again.
swap-offered-already = This shift is offered already. Withdraw that first.
swap-course = You have a course during that duty.
swap-away = You have said that you are away on that day.
swap-same-day = You have a shift on that day.
swap-near = It is too near to another shift of yours.
swap-own-course = You have a course on the day you would get.
swap-own-away = You are away on the day you would get.
swap-own-same-day = You have a shift on the day you would get.
swap-own-near = The day you would get is too near to another shift of yours.
swap-other-course = The other one has a course on the day they would get.
swap-other-away = The other one is away on the day they would get.
swap-other-same-day = The other one has a shift on the day they would get.
swap-other-near = The day they would get is too near to another shift of theirs.

times = My times
times-changed = Something else has just changed. Save it once more.
away = Days you cannot
away-hint = The plan keeps clear of them. Nobody else sees the reason.
away-first = From
away-last = To (empty: one day)
away-reason = Reason (may be empty)
away-add = Add
away-delete = Delete
away-added = Noted. The plan keeps clear of these days.
away-added-clash = Noted. You have a shift on these days: swap it soon, or ask an operator to fill it.
away-deleted = Deleted.
away-days-wrong = The last day is before the first, or past already.
courses = Timetable
courses-label = One course a line
courses-hint = Such as: Wed 19:00-20:40 weeks 1-16 English; “periods 3-4” and “odd” are understood too. Paste it from where you have it.
courses-save = Save the timetable
courses-saved = Saved. The plan keeps clear of your courses.
course-wrong-line = Line { $line }
course-wrong-text = { " " }({ $text })
course-no-weekday = : the day of the week is missing; add one such as “Wed”.
course-no-time = : the time is missing; add “19:00-20:40” or “periods 3-4”.
course-period-unknown = : there is no such period; write the time, or ask a teacher to add the period in the settings.
course-weeks-wrong = : the weeks cannot be read; write “weeks 1-16” or “weeks 1-8,10-16”, up to week 30.
course-no-number = : it does not begin with the number of a student of this class.
calendar = Calendar
calendar-hint = Add the link to the calendar on your phone or computer; it follows every swap. The link is for you alone: if somebody else has it, make a new one, and the old one stops at once.
feed-own = My duty
feed-whole = Duty rota
feed-duty = Duty:{ " " }
calendar-own = My shifts
calendar-whole = The whole class
calendar-address = Link to subscribe to
calendar-make = Make a link
calendar-renew = Make a new link
calendar-revoke = Stop it
calendar-made = Here is the new link; the old one has stopped.
calendar-revoked = The link has stopped.

publications = Publications
publications-none = No publication is planned.
publications-past = Past
quota-daily = Subscription account: one publication a day.
quota-monthly = Service account: four publications a calendar month.
quota-left = { $count } left in the period of today.
quota-day-full = That day has its publication already. Choose another one.
quota-month-full = That month has its four publications already. Choose another one.
quota-used = The account cannot publish once more in this period.
publication-new = Plan a publication
publication-title = Title
publication-day = Day
publication-author = Author
publication-author-hint = May be left open: a student takes it on.
publication-editor = Editor
publication-nobody = No author yet
publication-plan = Plan it
publication-text = Text
publication-text-hint = An empty line between paragraphs.
publication-note-title = Why it came back
publication-planned = Planned.
publication-taken = It is yours to write.
publication-saved = Saved.
publication-submitted = It is with the editor.
publication-passed = It is with the teacher.
publication-returned = It is with the author again.
publication-approved = Approved: it can be published.
publication-cancelled = Given up; the slot is free.
publication-published = Noted as published.
publication-published-day = Published on
publication-moved = Moved.
publication-changed = Somebody has just changed this publication. Look how it is now.
publication-title-wrong = The title has 1 to 64 characters, the text at most 20,000.
publication-text-missing = The text is still empty.
publication-note-missing = Say why it comes back.
publication-day-past = Choose today or a later day.
publication-published-day-wrong = Choose the day on which it was published: today, or one of the 31 days before.
publication-missed = not published on its day
publication-untitled = (went out without a slot)
publication-late = due today and not approved
state-planned = to be written
state-writing = being written
state-editing = to be edited
state-approving = to be approved
state-approved = ready to publish
state-published = published
state-missed = not published
state-cancelled = given up
next-planned = Next: somebody takes it on.
next-writing = Next: the author finishes it and gives it to the editor.
next-editing = Next: the editor of the day, who is not the author, reads it and passes it on.
next-approving = Next: a teacher approves it.
next-approved = Next: publish it in the account’s back office, then note it here.
next-published = It is published.
next-missed = No publication was noted on its day. Move it or give it up; if it went out, note it once it is approved.
next-cancelled = This slot was given up.
step-take = I write it
step-save = Keep it for now
step-submit = Give it to the editor
step-pass = Read: give it to the teacher
step-return = Give it back to the author
step-return-note = Why, and what to change
step-approve = Approve
step-draft = Put it among the account’s drafts
step-draft-again = Put it among the drafts once more
step-publish = It is published
step-move = Move
step-cancel = Give the slot up
step-cancel-confirm = The slot becomes free for another publication. Give it up?
draft-done = It is among the account’s drafts.
draft-not-available = This account takes no drafts from a program. Publish it in the back office.
draft-no-channel = The channel does not answer. Publish it in the back office.
draft-refused = The channel does not take this draft. Publish it in the back office, and tell your teacher.

fairness = Fairness
fairness-none = Nothing is planned yet
fairness-none-text = Once it is, you see here who carries how much.
fairness-jain = Fairness index
fairness-spread = From least to most
fairness-mean = Mean
fairness-hint = A usual shift counts 1 point, a weekend { $weekend }, a holiday { $holiday }. The index is 1 when all are even; students without any shift count as well. Missed shifts count nothing and are made up for.
fairness-table = Who carries how much
fairness-student = Student
fairness-bar = Chart
fairness-bar-of = { $load } points against { $target }
fairness-load = Points
fairness-target = Fair share
fairness-shifts = Shifts
fairness-kept = Kept
fairness-missed = Missed
fairness-balance = Favours
favours = Favours
favours-hint = Standing in adds points, being stood in for takes them. Who owes is planned first next time.
favours-none = Nobody has stood in for anybody yet.
favour-done = { $giver } stood in for { $receiver } ({ $weight } points)
favour-exchange = { $giver } took the heavier shift in an exchange with { $receiver } ({ $weight } points)

plan = Plan
plan-first = First day of term
plan-first-hint = Week 1 of timetables is that of the first day too; where the rota begins in mid-term, set “The day whose week is week 1 of timetables” in the settings.
plan-last = Last day
plan-renew = Plan all shifts to come anew
plan-renew-hint = Without it, what is planned stays and only gaps are filled.
plan-preview = Preview
plan-publish = Publish this plan
plan-published = Published. Everybody’s calendar follows.
plan-other = Another plan
plan-more = Adjust
plan-troubles = { $count ->
    [one] One shift is held by somebody who cannot come: fill it
   *[other] { $count } shifts are held by students who cannot come: fill them
}
plan-day-wrong = Choose a day.
plan-day-past = Days in the past cannot be planned.
plan-term-over = The last day is before the first, or past already.
plan-term-long = At most 250 days are planned at a time.
plan-person-unknown = Somebody you chose is no student of this class. Choose again.
plan-person-twice = A student has one post a day.
plan-kept = A shift that was checked in to cannot be given to somebody else.
plan-changed = Something else has just changed. Below is how it is now; look again.
plan-times-unreadable = “{ $times }” in the settings is no time of day, so the default holds. Write it as 18:00.
plan-day = One day by hand
plan-day-link-hint = Say who is on duty on a day
plan-days = Two weeks from this day
plan-count-hint = The number after a name says how many shifts the student has in all.
plan-save = Save
plan-saved = Saved. Here is the next day.
preview = Preview
preview-empty = Left empty
preview-changes = Changes
preview-same = Nothing would change: this is the plan already.
preview-given-up = { $count ->
    [one] One planned shift will be given up: there is no duty on that day any more, or it lies outside the term.
   *[other] { $count } planned shifts will be given up: there is no duty on those days any more, or they lie outside the term.
}
preview-gap = With { $students } students { $wanted } days apart are not possible; the plan keeps { $gap }.
preview-empty-text = { $count ->
    [one] Nobody can have one of the posts; it stays empty. Set it by hand, or ask students about their times.
   *[other] Nobody can have { $count } of the posts; they stay empty. Set them by hand, or ask students about their times.
}
preview-days = Each day (new ones in bold)
preview-people = Each student
preview-nobody = nobody
special-days = Special days
special-kind = What it is
special-holiday = Holiday
special-workday = Working weekend
special-off = No duty
special-hint = A holiday has no courses and its shifts count more; a working weekend counts as usual; on days without duty nobody is planned.
special-title = Name
special-add = Add
special-days-saved = Saved. The next preview knows it.
special-days-wrong = Choose what it is; at most 60 days at a time.
import = Import timetables
import-known = { $count ->
    [one] The timetable of one student is known.
   *[other] The timetables of { $count } students are known.
}
import-hint = Each line begins with the student’s number: 20240101 Wed 19:00-20:40 weeks 1-16 English. It takes the place of the timetables of these students.
import-file = Or a file (CSV, text)
import-send = Import
courses-imported = Imported. The next preview knows it.
code = Today’s code
code-today = Code to check in with
code-hint = Show it in class; who is on duty types it in.
repair = Fill gaps
repair-hint = Somebody cannot come, or has left: change as little as possible
repair-absent = Cannot come:
repair-troubles = Shifts of students who cannot come
repair-none = Nothing to fill: everybody planned can come.
repair-proposal = What would change
repair-other = moves too
repair-others = { $count ->
    [0] No other shift moves.
    [one] One other shift moves.
   *[other] { $count } other shifts move.
}
repair-free = { $free } students could take it.
repair-unfilled = { $count ->
    [one] One shift can be taken by nobody and becomes empty. Set it by hand.
   *[other] { $count } shifts can be taken by nobody and become empty. Set them by hand.
}
repair-publish = Do that
repair-done = Done. Everybody’s calendar follows.
repair-who = Somebody cannot come
repair-shift = Which shift
repair-preview = See who could
trouble-left = has left the class
trouble-course = has a course
trouble-away = is away
