-- What waits for an answer now: what was said since the last one.
alter table question add column asked text not null default '';
update question set asked = text;

-- Whether who answered had entered the question too.
alter table response add column own_entry boolean not null default false;
