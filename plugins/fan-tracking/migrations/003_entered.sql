-- Who entered a day first, and when: whoever corrects it later has not entered it.
alter table reading add column entered_by uuid;
alter table reading add column entered_at timestamptz;
update reading set entered_by = person_id, entered_at = at;
