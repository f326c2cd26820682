# The marked sheet and attachments.

attempt-number = Attempt { $number }
attempt-received = Received
attempt-receipt = Attempt { $number }, handed in { $at }, receipt { $code }
attempt-receipt-bell = Attempt { $number }, handed in for you at closing, { $at }, receipt { $code }
attempt-still-open = Not handed in yet
attempt-marked-at = What is right and wrong is shown after { $at }.
attempt-marked-later = Your teacher decides when marks are shown.
attempt-late = Late: { $points } less { $per-cent }%.
attempt-reviews = { $count ->
    [one] One blank waits for your teacher; its points are added then.
   *[other] { $count } blanks wait for your teacher; their points are added then.
}
attempt-waiting = { $count ->
    [one] One question waits to be marked.
   *[other] { $count } questions wait to be marked.
}
attempt-not-counted = Only gaps or answers waiting for the teacher: no attempt was used up.
attempt-left = { $count ->
    [one] One attempt left.
   *[other] { $count } attempts left.
}
attempt-to-marks = My marks
attempt-read-again = Read again:{" "}
attempt-decided = Your teacher has looked at it.
attempt-essay-waiting = Waits to be marked
attempt-comment = Comment

attempt-history = Attempts
attempt-by-bell = At closing
attempt-late-chip = Late −{ $per-cent }%
attempt-not-used = Not used up
attempt-counting = Counts
attempt-waiting-chip = { $count } to be marked

attempt-attachment-add = Attachment
attempt-attachment-hint = A photo, PDF, Word, Excel, PowerPoint or text file, 10 MB at most, { $most } files at most. Attach files before you write.
attempt-attachment-upload = Upload
attempt-attachment-remove = Remove
attempt-attachment-added = “{ $name }” is attached
attempt-attachment-removed = The attachment is removed
attempt-attachment-none = Please choose a file first.
attempt-attachment-kind = This kind of file is not taken. Please attach a photo (PNG, JPEG, WebP, HEIC), PDF, docx, xlsx, pptx or txt.
attempt-attachment-too-large = The file is too large: { $most } MB at most.
attempt-attachment-too-many = { $most } attachments a question at most; remove one first.
attempt-attachment-quota = The class has no room for more attachments; please tell your teacher.
attempt-attachment-closed = Attachments are not taken now.
attempt-attachment-malformed = The file did not arrive whole. Please try again.
attempt-late-fields = What arrived after closing
attempt-late-fields-text = It is kept but does not count.
