course-title = Courses
course-chapters = { $count ->
    [one] { $count } chapter
   *[other] { $count } chapters
}
course-none = No courses yet
course-none-text = Ask the administrator to put a course into the content folder; it appears here once it is saved.
course-problems = { $count ->
    [one] { $count } place in the course files needs mending.
   *[other] { $count } places in the course files need mending.
}
course-problems-link = Show them
course-resume = Go on reading
course-stopped-at = You stopped at:
course-progress = Read so far
course-progress-text = { $read } of { $chapters } chapters
course-minutes = { $minutes } min
course-questions = { $count ->
    [one] { $count } question
   *[other] { $count } questions
}
course-read = Read
course-read-to = Read to { $percent }%
course-no-chapters = This course has no chapters yet
course-no-chapters-text = List the chapters' folders in its course.md.
