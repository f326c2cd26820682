# Asking about a mark, and answering.

inquiry-ask = Ask about this mark
inquiry-ask-label = , ask about the mark
inquiry-about = Which blank
inquiry-blank = Blank { $blank }
inquiry-blank-answer = Blank { $blank }: { $answer }
inquiry-text = Your question
inquiry-text-hint = Say why you think the mark is not right, in { $most } characters at most. The answer comes here.
inquiry-send = Ask the teacher
inquiry-asked = The teacher has your question. The answer will be here and on Today.
inquiry-yours = You asked
inquiry-answer = The teacher’s answer
inquiry-mark-changed = mark changed
inquiry-waits = waiting for an answer
inquiry-empty = Please write a sentence.
inquiry-long = { $most } characters at most.
inquiry-open-already = You asked about this already; the teacher has yet to answer.
inquiry-too-many = { $most } questions a day at most. Please ask tomorrow, or in person.
inquiry-not-yet = Marks can be asked about once they are shown

inquiry-title = Questions about marks
inquiry-points = { $points } / { $of } points now
inquiry-essay = Read the text
inquiry-reply-label = Reply to { $name }
inquiry-reply-text = Your reply
inquiry-reply-hint = The student reads it. Please do not write keys that are not shown yet.
inquiry-reply-points = Points (now { $points }, at most { $of })
inquiry-reply-accept = Reply, mark right
inquiry-reply-reject = Reply, mark wrong
inquiry-reply-part = Reply, mark in part
inquiry-change-reach = { $count ->
    [1] Nobody else answered so; the same answer will be marked like this from now on.
   *[other] A change holds for all { $count } equal answers and can be undone.
 }
inquiry-by-hand = This answer’s points were given by hand; a decision does not move them.
inquiry-to-work = Change them
inquiry-reply = Reply
inquiry-replied = Replied.
inquiry-replied-marked = Replied; the mark is changed.
inquiry-replied-decided = Replied and marked anew for the class; { $changed } answers changed.
inquiry-answered-already = This question has been answered already.
inquiry-changed-meanwhile = A colleague changed this mark after you looked. Nothing was overwritten; please look at the points as they are now.
inquiry-more = { $count } more questions will come up as you reply to these.
