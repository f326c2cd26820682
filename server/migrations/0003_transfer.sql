-- A student who moves to another class takes attempts along as copies.

-- The attempt that this one was copied from, in the class where it was first handed in; null: made in this class.
alter table attempt add column carried_from uuid;
