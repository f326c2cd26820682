-- The follower's message with whose reply an answer was handed over. It waits again when that reply did not go out.
alter table message add column handed_in uuid;
