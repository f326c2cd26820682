# The queue of answers that wait for a teacher.

review-tab = Review
review-title = Answers to decide
review-sub = Equal answers stand together: decide once for the whole class, and undo at any time.
review-empty = No answers wait for a decision
review-empty-action = Back to the gradebook
review-empty-help = Answers close to a key that should not be credited unseen come here.
review-place = Question { $question }, blank { $blank }
review-label = The answer “{ $answer }” to question { $question }, blank { $blank }
review-count = { $count ->
    [one] 1 answer
   *[other] { $count } equal answers
 }
review-no-key = This blank has no key yet.
review-accept = Accept
review-reject = Reject
review-part = Accept in part
review-share = Per cent
review-part-apply = Give this share
review-share-malformed = A part is more than 0 and less than 100 per cent.
review-decision-malformed = Please choose to accept, accept in part, or reject
review-decided = Decided. The class was marked anew; answers changed: { $changed }.
review-decided-meanwhile = These answers have just been decided; nothing was done twice. The latest decisions stand below.
review-undone = Taken back. The class was marked anew; answers changed: { $changed }.
review-undone-already = This decision was taken back before.
review-affected = { $students ->
    [one] Affects { $students } hand-in:
   *[other] Affects { $students } hand-ins:
 }
review-accepted = “{ $answer }” accepted
review-accepted-part = “{ $answer }” worth { $share }%
review-rejected = “{ $answer }” rejected
review-undo = Undo
review-taken-back = taken back
review-past = Latest decisions
review-more = { $count ->
    [one] { $count } more group follows once these are decided.
   *[other] { $count } more groups follow once these are decided.
}
