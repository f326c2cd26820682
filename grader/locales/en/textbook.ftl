# Textbook pages: what is doubtful in them (each code has a message and a way out, -help), and the words written into the assignment file.

textbook-no-title = No chapter title was found.
textbook-no-title-help = Write a line “第3章 title” at the top, or change the title after the import.
textbook-no-exercises = No exercises were found.
textbook-no-exercises-help = Write “【作业】” on a line of its own above the questions, and begin each question with its number.
textbook-page-lines = { $count } lines of page heads, page numbers or contents were dropped (lines { $lines }).
textbook-page-lines-help = If one of them is text, join it to its neighbours in the source.
textbook-number-skipped = A number is missing before question { $number }.
textbook-number-skipped-help = Compare with the book: a question may be missing.
textbook-renumbered = Question { $printed } of the book has become question { $number }.
textbook-renumbered-help = The book counts from 1 again in each section; an assignment has every number once, so the count goes on.
textbook-uncertain-blank = Question { $number }: this may be a blank and was taken as one.
textbook-uncertain-blank-help = Compare with the book. If it is none, delete the space.
textbook-space-no-blank = Question { $number }: this looks like a blank, but the book’s sentence has nothing there; it was taken as none.
textbook-space-no-blank-help = Compare with the book. If it is a blank, write “____” here.
textbook-space-a-blank = Question { $number }: this space does not look like a blank, but the book’s sentence has words there; it was taken as one.
textbook-space-a-blank-help = Compare with the book. If it is none, delete the space.
textbook-space-passed = Question { $number }: there is a space here; it was not taken as a blank.
textbook-space-passed-help = Compare with the book. If it is a blank, write “____” here.
textbook-blank-missing = Question { $number } stands among fill-in questions, but no blank was found in it.
textbook-blank-missing-help = Compare with the book and write “____” where the blank is.
textbook-key-not-in-book = Question { $number }, blank { $blank }: the book does not contain the key; it is left open.
textbook-key-not-in-book-help = Please fill in the key.
textbook-key-judged = Question { $number }, blank { $blank } is a choice or a judgement; its key is left to you.
textbook-key-judged-help = Please fill in the letter, or right or wrong.
textbook-key-unsure = Question { $number }, blank { $blank }: perhaps “{ $answer }” ({ $percent }% sure); not used.
textbook-key-unsure-help = Please check and fill it in.
textbook-comparison-stopped = There are too many questions; for the later ones no keys were looked for.
textbook-comparison-stopped-help = Please split the file by chapters.

textbook-file-title = Chapter { $chapter }: assignment
textbook-file-title-named = { $title }: assignment
textbook-file-title-bare = Assignment
textbook-file-top = The keys were proposed from the textbook; those with {"{"}?{"}"} have not been checked. Delete {"{"}?{"}"} when a key is right, and fill in [[]].
textbook-comment-sure = Blank { $blank }: from { $section } (line { $line } of the source)
textbook-comment-unsure = Blank { $blank } may be “{ $answer }” ({ $percent }% sure). From { $section } (line { $line } of the source): { $quote }
textbook-comment-none = Blank { $blank }: not found in the textbook
