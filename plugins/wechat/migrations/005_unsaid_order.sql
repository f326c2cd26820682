-- What a follower's earlier messages were not told, the latest first. With an index of the class and the time alone,
-- SQLite reads all that the class ever received, to save the sorting of these few.
create index delivery_of_follower on delivery (class_id, follower_id, at);
