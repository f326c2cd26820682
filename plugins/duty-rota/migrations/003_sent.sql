-- The channel's id of what went out; empty until the channel has told of it.
alter table publication add column sent text not null default '';
