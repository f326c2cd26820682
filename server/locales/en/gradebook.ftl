# The gradebook and a student's work in it; words shared by the teacher's pages of a class.

gradebook-tab = Gradebook
gradebook-tabs = Teaching
gradebook-title = Gradebook
gradebook-students = { $students ->
    [one] { $students } student
   *[other] { $students } students
 }
gradebook-legend = Follow any mark to the student's answers. review: an answer waits for your decision; to mark: an essay waits for you; late: points were taken off; –: nothing written.
gradebook-empty = No assignment given yet
gradebook-empty-action = Give an assignment
gradebook-empty-help = Once an assignment is given to the class, marks appear here.
gradebook-nobody = No students in the class yet
gradebook-nobody-action = Import the roster
gradebook-nobody-help = Import a roster or hand out the class code, and students appear here.
gradebook-sort-number = Number
gradebook-sort-name = Name
gradebook-sort-total = Total
gradebook-column-state = State
gradebook-question = Question { $number }
gradebook-state-not-started = not started
gradebook-state-writing = writing
gradebook-state-handed-in = to be marked
gradebook-state-review = to be decided
gradebook-state-marked = marked
gradebook-short-writing = writing
gradebook-short-review = review
gradebook-short-waiting = to mark
gradebook-short-late = late
gradebook-short-left = has left
gradebook-show-all = Show all { $students } students on one page
gradebook-show-left = Show the { $count } who left as well
gradebook-hide-left = Hide those who left
gradebook-to-rules = Rules and keys
gradebook-link-unclear = The roster has just changed. Please follow the mark once more.
gradebook-class-archived = The class is archived: it can be read, not changed

gradebook-export-xlsx = Export xlsx
gradebook-export-csv = Export CSV
gradebook-export-sheet = Marks
gradebook-export-number = Student number
gradebook-export-name = Name
gradebook-export-state = state
gradebook-export-total = Total
gradebook-export-late = , late, { $late }% taken off
gradebook-export-format = Marks are exported as csv or xlsx only

gradebook-points = { $points ->
    [one] { $points } point
   *[other] { $points } points
 }
gradebook-points-unit = points
gradebook-attempts = Attempts
gradebook-attempt = Attempt { $number }
gradebook-attempt-counting = Attempt { $number } (counts)
gradebook-extension = More time
gradebook-work-none = Nothing written yet
gradebook-work-none-help = Once the student writes a first answer, this page shows it.
gradebook-work-writing = The student is writing and has not handed in. Drafts are the student's own until then.
gradebook-handed-in = Handed in:{" "}
gradebook-by-bell = handed in by the system at closing
gradebook-receipt = receipt { $code }
gradebook-late = { $points } points before { $late }% were taken off for lateness.
gradebook-not-counting = This attempt does not count.
gradebook-not-used-up = Only gaps or undecided answers: this one does not use up an attempt.
gradebook-essay = The student's text
gradebook-essay-points = { $points ->
    [1] 1 point.
   *[other] { $points } points.
}
gradebook-essay-mark = Mark it
gradebook-essay-again = Mark it again
gradebook-change = Change points of question { $number }
gradebook-change-blank = Blank { $blank }: { $answer }
gradebook-change-now = { $points } of { $of } points now
gradebook-change-points = New points (at most { $of })
gradebook-change-reason = Reason
gradebook-change-reason-hint = The student reads this sentence.
gradebook-change-save = Change
gradebook-changed = Changed to { $points } points.
gradebook-changed-meanwhile = Another teacher changed this answer's points since you looked. Nothing was overwritten: see the history below, then decide.
gradebook-points-malformed = Please type a number of 0 or more, such as 1.5.
gradebook-points-too-many = At most { $most } can be given.
gradebook-reason-missing = Please write a short reason.
gradebook-reason-long = { $most } characters at most.
gradebook-late-texts = Arrived after closing
gradebook-late-texts-help = None of this was handed in; it is kept for you to see.
gradebook-late-texts-field = Place
gradebook-late-texts-text = Text
gradebook-late-texts-at = Arrived
