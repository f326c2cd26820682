mark-unanswered = Not answered.
