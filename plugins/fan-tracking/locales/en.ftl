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
goal = Goal: { $goal } followers
goal-total = { $total } / { $goal }
until = Figures as of
way-unknown = No figures have been entered yet.
way-reached = The goal is reached!
way-no-end = The teacher has not said when the term ends, so nobody can tell what each day must bring.
way-over = The term is over.
way-needs = { $days ->
    [one] One day is left; it must bring { $each-day } net.
   *[other] { $days } days are left; each must bring { $each-day } net to reach the goal.
}
pace = Mean net of a day in the last 14 days: { $pace }.
pace-enough = fast enough
pace-short = too slow
set-end = Say when the term ends
enter = Enter a day's figures
enter-hint = Entering a day again replaces its figures. To change an earlier day, choose it in the table below.
day-title = Day
gained = New
lost = Lost
net = Net
total = Total
save = Save
figures-saved = The figures are saved.
day-wrong = Choose a day.
day-future = This day is still to come.
number-wrong = Enter a whole number, 0 or more.
recent = The last 14 days
source = Source
source-typed = typed in
source-none = not entered
off = off by { $off }
off-hint = “Off by”: the total is not that of the day before with the net added. Compare with the account's back office.
