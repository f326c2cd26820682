-- Days are Shanghai's; answers given before there were conversations become messages of one.
update question set day = date(at, '+8 hours');
update question set answered_day = (select date(answer.at, '+8 hours') from answer where answer.question_id = question.id);
update question set last_at = coalesce((select answer.at from answer where answer.question_id = question.id), at);
insert into message (id, class_id, question_id, author, kind, person_id, text, words, at, delivery)
select 'ffffffff' || substr(answer.question_id, 9), question.class_id, question.id, 'student', 'answer',
       answer.person_id, answer.text, lower(answer.text), answer.at, 'done'
from answer join question on question.id = answer.question_id;
drop table answer;
