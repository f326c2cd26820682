duty-people = On duty now: { $names }. They may claim and answer questions.
duty-nobody = Nobody is on duty today, so questions wait; operators and teachers may answer too.
duty-away = The duty rota cannot be asked, so questions wait; operators and teachers may answer.
waiting = { $count ->
    [one] One question is waiting
   *[other] { $count } questions are waiting
}
waiting-none = No question is waiting.
waited = Waits for
oldest = The oldest has waited
age-minutes = { $count ->
    [0] less than a minute
   *[other] { $count } min
}
age-hours = { $count } h
age-days = { $count ->
    [one] one day
   *[other] { $count } days
}
claim = Claim
claim-mine = you are answering
claim-of = { $name } is answering
claim-other = somebody is answering
claim-done = It is yours: for ten minutes nobody else can claim it.
claim-taken = Somebody else has claimed or answered this question.
claim-not-on-duty = You are not on duty now, so you cannot claim questions.
question = What the follower asked
question-new = Enter a question
question-hint = In the follower's words, without their name, account or telephone number.
question-add = Put it into the inbox
question-added = The question is in the inbox.
question-length = Write 1 to 500 characters.
question-deleted = The question is deleted.
answer = Answer
answer-hint = When it is saved, reply to the follower in the public account.
answer-send = Save the answer
answer-done = The answer is saved.
answer-length = Write 1 to 600 characters.
answer-taken = Somebody else has claimed or answered this question meanwhile, so yours was not saved. This is what you wrote:
answered = Answered
took = answered after
delete = Delete
delete-confirm = Delete this question and its answer? It cannot be brought back.
