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
post-chief = Chief
post-deputy = Deputy
post-editor = Editor
person-left = left the class
rota-day = Day
rota-coming = The next two weeks
mine = My shifts
mine-none = No shift is planned for you.
mine-kept = { $count ->
    [one] You have kept one shift.
   *[other] You have kept { $count } shifts.
}
check-in = Check in
check-in-kept = Checked in
check-in-done = You are checked in. Thank you for today.
check-in-before = You had checked in already.
check-in-other-day = You can check in on the day of the shift only.
today-none = Nobody is planned for today.
today-check-in = You are on duty today: check in
plan = Plan
plan-days = Two weeks from this day
plan-day-hint = Saving leads on to the next day. For another one, choose it in the table below.
plan-count-hint = The number after a name says how many shifts the student has in all.
plan-save = Save
plan-saved = Saved. Here is the next day.
plan-day-wrong = Choose a day.
plan-day-past = Days in the past cannot be planned.
plan-person-unknown = Somebody you chose is no student of this class. Choose again.
plan-person-twice = A student has one post a day.
plan-kept = A shift that was checked in to cannot be given to somebody else.
plan-changed = Somebody has just changed this day. Below is how it is now; look again.
