# The page of a chapter.
chapter-contents = Contents of the course
chapter-search = Search the courses
chapter-on-this-page = In this chapter
chapter-number = Chapter { $number }
chapter-keywords = Keywords
chapter-length = About { $characters } characters, { $minutes } min to read
chapter-notes = Notes
chapter-note-back = Back to note { $number } in the text
chapter-exercises = Exercises
chapter-answer = Answer these
chapter-answer-signed-out = Sign in to answer
chapter-question = Question { $number }
chapter-gap = blank { $number }
chapter-points-blanks = { $points ->
    [1] 1 point
   *[other] { $points } points
}
chapter-points-essay = { $points ->
    [1] Essay, 1 point
   *[other] Essay, { $points } points
}
chapter-points-project = { $points ->
    [1] Project, 1 point
   *[other] Project, { $points } points
}
chapter-pager = Chapters before and after
chapter-previous = Previous chapter
chapter-next = Next chapter
chapter-no-such-place = There is no such place in this chapter
chapter-no-assignment = None of your classes has been given the exercises of this chapter yet.

# The check of the course files.
chapter-problems-title = Check of the course files
chapter-problems-sub = { $chapters ->
    [one] Courses read: { $courses }, with { $chapters } chapter
   *[other] Courses read: { $courses }, with { $chapters } chapters
}
chapter-problems-explained = A file with an error does not replace what readers see: they keep the last good version. Save the mended file and this page follows within seconds.
chapter-problems-none = Nothing to mend
chapter-problems-none-text = All course files were understood. A mistake in a later change will be shown here.
chapter-problems-to-courses = To the courses
chapter-problems-error = Error
chapter-problems-warning = Warning
chapter-problems-note = Note

# What is wrong in a course's files: one sentence says what, one how to mend it.
chapter-problem-folder = The content folder cannot be read: { $cause }
chapter-problem-folder-help = Check that the folder given with --content is there and that the server may read it. What was read before is still served.
chapter-problem-unreadable = The file cannot be read: { $cause }
chapter-problem-unreadable-help = Check its permissions and its size (at most 8 MiB).
chapter-problem-encoding = The file is not UTF-8: it cannot be read from byte { $offset } on
chapter-problem-encoding-help = Save the file as UTF-8 in your editor.
chapter-problem-front-matter-missing = The description between --- lines at the top is missing
chapter-problem-front-matter-missing-help = Write --- on the first line, then title and the other entries, then a line with --- again.
chapter-problem-front-matter-unclosed = The description at the top does not end
chapter-problem-front-matter-unclosed-help = Write a line with --- after it.
chapter-problem-front-matter = The description at the top is not well formed: { $detail }
chapter-problem-front-matter-help = One entry on each line, such as “title: The WeChat platform”; several values as [one, two].
chapter-problem-unknown-key = There is no entry “{ $name }”
chapter-problem-unknown-key-help = Known are: { $known }.
chapter-problem-unknown-key-similar = There is no entry “{ $name }”
chapter-problem-unknown-key-similar-help = Did you mean “{ $suggestion }”? Known are: { $known }.
chapter-problem-missing-key = The entry “{ $name }” is missing
chapter-problem-missing-key-help = Add “{ $name }: …” to the description at the top.
chapter-problem-slug = The folder name “{ $name }” cannot be part of an address
chapter-problem-slug-help = Use small letters, digits and dashes only, at most 64, such as wechat-platform.
chapter-problem-chapter-missing = “{ $name }” is listed, but there is no such chapter
chapter-problem-chapter-missing-help = Create { $name }/chapter.md, or take it out of chapters.
chapter-problem-chapter-twice = “{ $name }” is listed twice
chapter-problem-chapter-twice-help = Remove one of them.
chapter-problem-chapter-unlisted = There is a chapter “{ $name }” that course.md does not list, so nobody sees it
chapter-problem-chapter-unlisted-help = Add “{ $name }” to chapters.
chapter-problem-picture = There is no picture “{ $name }”
chapter-problem-picture-help = Put the picture into the chapter's folder and name it by its relative path, such as figures/code.svg; pictures of other sites are not shown.
chapter-problem-picture-broken = This is no picture that browsers show
chapter-problem-picture-broken-help = Use PNG, JPEG, GIF, WebP, or an SVG that states its size.
chapter-problem-link = The link “{ $address }” leads nowhere
chapter-problem-link-help = Write ../folder/chapter.md#s1-2 for another chapter, #s3-1-1 for a section of this one, and a full https address for another site.
chapter-problem-emphasis = This ** did not become emphasis and is shown as it stands
chapter-problem-emphasis-help = Chinese punctuation beside ** often causes this: move the punctuation outside, **“word”** to “**word**”.
chapter-problem-html = HTML has no effect here and was left out
chapter-problem-html-help = Use Markdown instead.
chapter-problem-heading-one = A first-level heading in the text
chapter-problem-heading-one-help = The chapter's title is in title; headings in the text start with ##.
chapter-problem-number-twice = Two sections are numbered { $number }
chapter-problem-number-twice-help = Correct one of the numbers; links and bookmarks find sections by them.
chapter-problem-exercises-here = The exercises are in the text
chapter-problem-exercises-here-help = Move them to assignment.md in the same folder, so that they can be answered and marked.
chapter-problem-footnote-unused = The footnote “{ $label }” is never referred to and not shown
chapter-problem-footnote-unused-help = Write [^{ $label }] in the text, or remove the footnote.
chapter-problem-assignment-elsewhere = { $name } says “{ $stated }”, but the file lies in “{ $meant }”
chapter-problem-assignment-elsewhere-help = Change { $name } to “{ $meant }”, or move the file where it belongs.
