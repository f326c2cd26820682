-- Days are Shanghai's; answers given before there were conversations become messages of one.
update question set day = to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD');
update question set answered_day = (select to_char(answer.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') from answer where answer.question_id = question.id);
update question set last_at = coalesce((select answer.at from answer where answer.question_id = question.id), at);
insert into message (id, class_id, question_id, author, kind, person_id, text, words, at, delivery)
select cast('ffffffff' || substr(cast(answer.question_id as text), 9) as uuid), question.class_id, question.id, 'student', 'answer',
       answer.person_id, answer.text, lower(answer.text), answer.at, 'done'
from answer join question on question.id = answer.question_id;
drop table answer;
