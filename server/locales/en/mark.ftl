# Marking essays and projects.

mark-tab = Marking
mark-title = Marking
mark-sub = Essays and projects, question by question.
mark-waiting-all = { $count ->
    [one] { $count } text waits for a mark
   *[other] { $count } texts wait for a mark
 }
mark-empty = Nothing to mark by hand
mark-empty-help = Essays and projects of given assignments are listed here.
mark-handed-in = { $count } handed in
mark-none = none handed in yet
mark-project = one for the class
mark-waiting = { $count } to mark
mark-done = all marked
mark-place = { $place } of { $of }, { $waiting } to mark
mark-superseded = The student has handed in a newer text; this one is kept as a record.
mark-names-show = Show names
mark-names-hide = Hide names
mark-anonymous = Name hidden
mark-project-by = Handed in for the class by { $name }
mark-late = late, { $late }% will be taken off
mark-no-text = Attachments only, no text.
mark-files = Attachments
mark-rubric = How it is marked
mark-points = Points (at most { $of })
mark-comment = Comment
mark-comment-hint = The student reads it.
mark-comment-long = A comment has { $most } characters at most.
mark-points-too-many = At most { $most } can be given for this question.
mark-save = Save and go on
mark-given-next = Points given: { $points }. Here is the next one.
mark-given-last = Points given: { $points }. This question is done.
mark-marked-meanwhile = Another teacher marked this text since you looked. Nothing was overwritten: see the history, then decide.
mark-history = History
mark-pager = Other texts
mark-previous = Previous
mark-next = Next
