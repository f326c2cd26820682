-- Answers to a blank are found through the attempts at its assignment, by the primary key. The index by blank spread each
-- hand-in over as many pages as it has blanks: every page is written to the log and waited for before the student's answer
-- is acknowledged.
drop index answer_blank;
