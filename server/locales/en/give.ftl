# Giving an assignment to a class: rules, keys, later times.

give-tab = Assignments
give-title = Give assignments
give-sub = Imported assignments stand here; students see them once they are given.
give-empty = No assignment imported yet
give-empty-help = Import an assignment file into this class from your own computer:
give-due = Due:{" "}
give-closes = Closes:{" "}
give-handed-in = { $count } handed in
give-open-keys = { $count } without a key
give-unconfirmed-keys = { $count } unconfirmed
give-state-given = given
give-state-waiting = not given
give-given-at = given{" "}
give-preview = Preview as a student
give-extensions = More time ({ $count })
give-to-gradebook = See marks
give-warnings = Please note
give-warn-open = Blanks without a key: { $count }. All answers to them wait for your decision. Add the keys to the assignment file and run grader import again.
give-warn-unconfirmed = Keys that were found in the book and that nobody has confirmed: { $count }. Please check them below.
give-warn-closed = Closing has passed: nothing is taken any more.
give-warn-due-passed = The due time has passed: everything handed in now is late.
give-warn-keys-never = There is no closing time and keys are shown after closing, so students never see them.
give-warn-late-refused = Late work is not taken, so nothing is taken after the due time; closing has no effect.
give-warn-never-late = There is no due time, so nothing is ever late.
give-warn-keys-always = Students can try again after they have seen the keys.
give-rules = Rules
give-zone = Times are in the class's time zone ({ $zone }), to the second.
give-field-opens = Opens
give-field-opens-hint = Students do not see the questions before. Empty: at once.
give-field-due = Due
give-field-due-hint = What comes later is late.
give-field-closes = Closes
give-field-closes-hint = Nothing is taken after this. Empty: never.
give-field-bell = Not handed in at closing
give-bell-hand-in = Hand in what was written
give-bell-hand-in-hint = Nobody loses marks for forgetting the button.
give-bell-none = Only count what was handed in
give-bell-none-hint = The rest is kept and earns nothing.
give-field-late = Late work
give-late-taken = Taken, with points off for each day
give-late-taken-hint = Counted from the due time; a day begun counts as a day.
give-field-late-per-day = Per cent off a day
give-field-late-floor = Per cent kept at least
give-late-refused = Not taken
give-late-refused-hint = Nothing is taken after the due time.
give-field-attempts = Attempts allowed
give-field-attempts-hint = 1–99. Empty: as many as wanted. One with nothing but gaps or undecided answers is not used up.
give-field-counting = Which attempt counts
give-field-counting-hint = Where a student makes several.
give-counting-best = The best
give-counting-last = The last
give-counting-first = The first
give-field-reveal = When keys are shown
give-field-reveal-hint = Until then reasons give nothing of the key away.
give-reveal-closed = After closing for the whole class
give-reveal-handed-in = When the student has no attempt left
give-reveal-always = After every hand-in
give-reveal-never = Never
give-field-verdicts = Show verdicts at once
give-field-verdicts-hint = Otherwise verdicts and points are shown after closing.
give-student-reads = What students read
give-reads-opens = Opens:{" "}
give-give = Give to the class
give-save = Save rules
give-try = See what these rules say
give-given = Given. Students see the assignment now.
give-changed = Rules changed; lateness was worked out anew.
give-errors = Some fields need a change; they are marked below.
give-form-malformed = The form is incomplete; please open the page again
give-changed-meanwhile = Rules or questions changed since you opened this page. Please look at them, then save again.
give-time-malformed = Please give a date and time, such as 2026-11-30 20:00:00.
give-time-skipped = The clock skips that moment; please choose another.
give-due-before-opening = Due must be after opening.
give-closes-before-opening = Closing must be after opening.
give-closes-before-due = Closing cannot be before due.
give-attempts-malformed = Please type a whole number from 1 to 99, or nothing.
give-per-cent-malformed = Please type a whole number from 0 to 100.
give-take-back = Take the assignment back
give-take-back-help = Nobody has begun it yet, so it can be taken back; students will not see it.
give-take-back-no = Students have begun it, so it cannot be taken back. You can change the closing time.
give-take-back-confirm = Take this assignment back? Students will not see it; you can give it again later.
give-taken-back = Taken back. Students do not see the assignment any more.
give-taken-up-already = A student has begun it, so it cannot be taken back.
give-keys = Keys
give-keys-help = Choose a key to change it: you first see whose marks would change, and nothing happens until you confirm. The assignment file follows.
give-key-open = no key
give-key-unconfirmed = unconfirmed
give-key-group = any order: { $group }
give-file = Download the assignment file
give-key-change-one = Change the key of question { $question }, blank { $blank }
give-key-place = Question { $question }, blank { $blank }
give-key-field = Key
give-key-field-hint = Put | between ways to write it that are equally right; write %50%resource for one that is worth half; leave it empty where no key is known. Write \ before a |, a ] or a \ of the key itself.
give-key-attributes = Attributes
give-key-attributes-hint = Optional. For example group=kind (any order), unit=km, points=2, match=number (compared as a number), hint="a hint".
give-key-show = See the effect
give-key-refused = This cannot be used yet; please mend it and try again. What you typed stands below.
give-key-reaches = This would change the question itself. Write square brackets of a key as \[ and \], and put braces of an attribute into quotes. What you typed stands below.
give-key-same = The key is as it was.
give-key-again = Something else of this assignment has just changed; please look at the effect again. What you typed stands below.
give-key-meanwhile = The key has changed since you opened this page
give-key-meanwhile-by = { $by } changed it at { $at } to:
give-key-meanwhile-at = Changed at { $at } to:
give-key-meanwhile-help = What you typed stands below. To use it, look at the effect again and confirm.
give-key-effect = After the change
give-key-effect-new = The new key:
give-key-effect-none = No student's mark changes.
give-key-effect-some = { $gains ->
        [one] { $gains } student gains
       *[other] { $gains } students gain
    }, { $losses ->
        [one] { $losses } student loses
       *[other] { $losses } students lose
    }.
give-key-effect-help = When you confirm, what was handed in is marked anew with this key; points you gave by hand stay.
give-key-gains = Gain
give-key-losses = Lose
give-key-student = Student
give-key-answers = Wrote
give-key-points = Points
give-key-save = Change the key
give-key-back = Leave it
give-key-changed = The key is changed. { $attempts ->
        [one] { $attempts } attempt was
       *[other] { $attempts } attempts were
    } marked anew, { $changed ->
        [one] { $changed } verdict is
       *[other] { $changed } verdicts are
    } different.
give-key-versions = Changes so far
give-kind-essay = An essay; you mark it.
give-kind-project = One for the class, handed in by an operator; you mark it.
give-confirm-all = Confirm all keys ({ $count })
give-confirm-one = Confirm blank { $blank }: { $answer }
give-confirmed = Keys confirmed: { $count }.
give-extensions-title = More time for single students
give-extensions-given = Given so far
give-extension-new = Give one student more time
give-extension-help = Times only move later. Lateness of what was handed in is worked out anew.
give-extension-student = Student
give-extension-choose = Please choose
give-extension-due = Due for this student
give-extension-closes = Closes for this student
give-extension-reason = Reason
give-extension-reason-hint = Kept on record; only teachers see it.
give-extension-giver = Given by
give-extension-give = Give more time
give-extension-take = Take back
give-extension-take-confirm = Take back the extra time of { $name }?
give-extension-given = More time given.
give-extension-taken = Extra time taken back.
give-extension-student-missing = Please choose a student.
give-extension-time-missing = Please give at least one time.
give-extension-not-later = This must be later than the class's time.
give-extension-reason-missing = Please write a reason.
