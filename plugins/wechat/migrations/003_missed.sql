-- Whether it was told that the reply did not reach the follower.
alter table delivery add column missed_told boolean not null default false;
