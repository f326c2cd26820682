-- Whether a tool was asked for a reply in vain: what it may have handed over for it did not reach the follower.
alter table delivery add column in_vain boolean not null default false;

-- When departures that were told early were said to have been.
alter table follower add column told_early_at text;
alter table departure add column told_early_at text;
