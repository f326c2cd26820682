roster-title = Roster
roster-import = Import a roster
roster-file = Roster file
roster-file-hint = CSV or xlsx with columns for number and name. You see the differences before anything changes.
roster-preview = Show the differences
roster-preview-title = Differences
roster-read-as = { $encoding }; numbers from “{ $number }”, names from “{ $name }”
roster-waiting = { $count ->
    [one] { $count } student is not activated yet. Print a slip, valid for 14 days.
   *[other] { $count } students are not activated yet. Print slips for them: one each, valid for 14 days.
}
roster-slips-all = Print activation slips
roster-or-join = Or let them join with the class code { $code }.
roster-empty = The roster is empty
roster-empty-text = Import the list from your school's office, or add students one by one.
roster-rename = Rename
roster-renamed = Renamed to “{ $name }”.
roster-slip-one = Print a slip
roster-slip-reset = Print a slip for a new password
roster-slip-reset-confirm = A slip for a new password for { $name }? The old password works until it is used. This goes into the log.
roster-transfer-to = Move to class
roster-transfer = Move
roster-transfer-title = Move { $name }
roster-transfer-way = from “{ $from }” to “{ $to }”
roster-transfer-text = Attempts, marks and comments are copied into the same assignment of the new class and marked by its keys; whether work was late still goes by the rules it was handed in under. The old class keeps its record as it is and shows that the student left.
roster-transfer-no-work = This student has not answered anything in the old class; only the roster changes.
roster-transfer-apply = Move to “{ $class }”
roster-transfer-goes = goes along
roster-transfer-stays = stays
roster-transfer-mark = old class { $mark }
roster-transfer-mark-after = new class { $mark }
roster-transfer-no-assignment = The new class has no such assignment (course, chapter and title must be the same).
roster-transfer-nothing-fits = The title is the same, but no question matches.
roster-transfer-attempts = { $count ->
    [one] { $count } attempt goes along.
   *[other] { $count } attempts go along.
 }
roster-transfer-already = { $count ->
    [one] { $count } attempt is in the new class already and is not doubled.
   *[other] { $count } attempts are in the new class already and are not doubled.
 }
roster-transfer-draft = The unfinished one goes along, too, and can be continued.
roster-transfer-draft-stays = The unfinished one stays: another is begun in the new class, or it takes no work now.
roster-transfer-not-given = The assignment has not been given to the new class yet; the student sees it once it is.
roster-transfer-review = { $count ->
    [one] In attempt { $attempt }, { $count } blank waits for a decision by the new class’s key.
   *[other] In attempt { $attempt }, { $count } blanks wait for a decision by the new class’s keys.
 }
roster-transfer-key = Question { $question }, blank { $blank } has another key or other points; it is marked anew.
roster-transfer-blank-missing = Question { $question }, blank { $blank } has no counterpart; it stays.
roster-transfer-question-missing = The new class has no question { $question }; it stays.
roster-transfer-question-other = Question { $question } of the new class is another one; it stays.
roster-transfer-essay-worth = Question { $question } is worth something else: the text goes along, its mark stays; please mark it again.
roster-transfer-project = Question { $question } is a project of the whole class; it stays.
roster-transfer-changed = Something changed after the preview; nothing was done. Please look again.
roster-transferred = Moved to “{ $class }”: { $goes } assignments went along, { $stays } stay.
roster-transfers-title = Now in another class of yours
roster-transfers-text = Tick those who move: they leave the other class and bring their attempts and marks. Others are in both classes.
roster-transfers-from = from “{ $class }”: { $goes } assignments come along, { $stays } stay
roster-transfers-details = Each assignment
roster-transfers-more = { $count } more are not listed and will be in both classes; you can move them later from the other roster.
roster-same-class = The student is in this class already
roster-is-teacher = This person teaches that class
roster-leave = Mark as left
roster-leave-confirm = Has { $name } left? Access ends at once, marks are kept, and you can bring them back.
roster-left = Marked as left. Marks are kept.
roster-return = Bring back
roster-returned = The student is back.
roster-left-title = Left
roster-left-text = Marks are kept. Whoever comes back goes on; posts are given anew.
roster-left-at = left{" "}
roster-by-code = By code
roster-activated = Activated
roster-not-activated = Not activated
roster-add-title = Add a student
roster-add = Add
roster-added = { $name } was added.
roster-number-exists = This number is on the roster already (look under “Left”, too).
roster-diff-added = Added
roster-diff-renamed = Renamed
roster-diff-returned = Back again
roster-diff-missing = Not in the file
roster-diff-unchanged = Unchanged
roster-before = Before
roster-after = After
roster-missing-text = Tick those who have left. The others stay.
roster-missing-more = { $count ->
    [one] { $count } more is not listed and stays.
   *[other] { $count } more are not listed; they stay.
}
roster-more = { $count } more
roster-problems = { $count ->
    [one] { $count } thing to look at in the file
   *[other] { $count } things to look at in the file
}
roster-blocked = Mend the file and import it again. Nothing has changed.
roster-other-file = Another file
roster-no-changes = No changes: the roster is the same as the file.
roster-back = Back
roster-apply = { $changes ->
    [one] Import ({ $changes } change)
   *[other] Import ({ $changes } changes)
}
roster-imported = { $changes ->
    [one] { $changes } change: { $added } added, { $renamed } renamed, { $returned } back, { $transferred } moved here, { $left } left.
   *[other] { $changes } changes: { $added } added, { $renamed } renamed, { $returned } back, { $transferred } moved here, { $left } left.
}
roster-changed = The roster has just changed. Please look at the differences again.
roster-not-missing = { $number } is not among those missing from the file
roster-slips-title = Activation slips
roster-slips-count = { $count ->
    [one] { $count } slip
   *[other] { $count } slips
}
roster-slips-once = Print them now: the codes are on this page only. Earlier slips have stopped working.
roster-slip-how = Scan it, or open { $site } and type the code, then choose a password.
roster-no-slips = Nobody needs a slip.
roster-file-none = Please choose a file.
roster-file-too-large = The file is larger than { $most } MB. Keep only the columns for number and name.
roster-file-xls = This is an old xls file. Save it as xlsx or CSV in your spreadsheet program.
roster-file-broken = This xlsx file is damaged or no spreadsheet. Export it again, or save it as CSV.
roster-file-bomb = This xlsx file unpacks to an abnormal size and was not read. Copy number and name into a new file.
roster-file-too-many = The table has more than { $rows } rows or { $columns } columns (perhaps a stray cell far away). Keep only number and name.
roster-file-undecodable = Row { $row } (byte { $offset }) has a character that is not { $encoding }; it was not guessed. Save the file as CSV in UTF-8, or as xlsx.
roster-file-not-a-table = At byte { $offset } this turned out to be no table. Please use CSV or xlsx.
roster-file-no-columns = There are no columns for number and name. Write “学号” and “姓名”, or “number” and “name”, in the first row.
roster-file-empty = There are no students in the file.
roster-problem-no-number = Row { $row }: { $name } has no number
roster-problem-no-name = Row { $row }: { $number } has no name
roster-problem-repeated = Row { $row }: { $number } repeats row { $first }; it counts once
roster-problem-two-names = Row { $row }: { $number } is { $name } here and { $other } in row { $first }
roster-problem-scientific = Row { $row }: { $number } is in scientific notation and has lost digits. Format the column as text and export again
roster-problem-bad-number = Row { $row }: { $number } has other characters than letters, digits, dots and dashes, or more than 32
roster-problem-bad-name = Row { $row }: the name of { $number } has control characters or is longer than 64
roster-problem-taken = Row { $row }: { $number } belongs to another name in the school. Check it, or ask an administrator
