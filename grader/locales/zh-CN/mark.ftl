mark-unanswered = 没有作答。
