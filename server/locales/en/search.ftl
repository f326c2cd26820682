search-label = Search the courses
search-total = { $total ->
    [one] { $total } place found
   *[other] { $total } places found
}
search-more = Only the best places are listed. Add a word to narrow them down.
search-kind-chapter = Chapter
search-kind-section = Section
search-kind-question = Question
search-kind-term = Key term
search-nothing = Nothing found for “{ $query }”
search-nothing-text = Try other words, or fewer characters; a single one will do.
search-try = These pieces do occur in the courses:
search-empty = What are you looking for?
search-empty-text = One or two characters are enough. Several words, with a space between them, find the places where all of them occur.
search-to-courses = To the courses
