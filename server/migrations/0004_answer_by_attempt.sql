-- Answers to a blank are found through the attempts at its assignment, by the primary key; the index by blank would
-- spread each hand-in over as many pages of the log as it has blanks.
drop index answer_blank;
