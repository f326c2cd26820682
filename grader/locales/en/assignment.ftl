# Findings in an assignment file: for each code a message and a remedy (-help).

assignment-severity-error = error
assignment-severity-warning = warning
assignment-severity-note = note
assignment-severity-help = help

assignment-large-file = The file is larger than 1 MiB.
assignment-large-file-help = Split it into one file per chapter.
assignment-missing-title = There is no title.
assignment-missing-title-help = Begin the file with three lines: “---”, “title: Exercises of chapter 3”, “---”.
assignment-no-questions = There are no questions in this file.
assignment-no-questions-help = A question begins with its number at the start of a line, for example: 1. A week has [[seven|7]] days.
assignment-unclosed-front-matter = The “---” at the top is never closed.
assignment-unclosed-front-matter-help = Put a line “---” below course, chapter and title.
assignment-bad-front-matter = The settings at the top cannot be read: { $reason }.
assignment-bad-front-matter-help = Write one “name: value” a line with a space after the colon; put a value with a colon or other signs in double quotes.
assignment-bad-value = A text is expected here.
assignment-bad-value-help = Write one line such as “title: Exercises of chapter 3”.
assignment-duplicate-name = The same name stands here twice.
assignment-duplicate-name-help = Keep one line of the two.
assignment-misspelt-name = “{ $name }” is not known here.
assignment-misspelt-name-help = Did you mean “{ $suggestion }”?
assignment-unknown-name = “{ $name }” is not known here.
assignment-unknown-name-help = Known are course, chapter and title.
assignment-long-value = “{ $name }” is too long.
assignment-long-value-help = At most { $most } characters.
assignment-control-in-value = “{ $name }” contains a line break or an invisible control character.
assignment-control-in-value-help = Write it on one line without control characters.
assignment-bad-address = “{ $value }” cannot be part of an address.
assignment-bad-address-help = “{ $name }” takes letters, digits, “-”, “_” and “.”, for example wechat-platform; the name that people read goes into title.

assignment-duplicate-number = Question { $number } stands here a second time; the first is on line { $line }.
assignment-duplicate-number-help = Change the number; if this is a list inside the question above, indent it by 3 spaces.
assignment-question-order = Question { $number } comes after question { $before }.
assignment-question-order-help = Questions are shown in the order of the file; if this is a list inside the question above, indent it by 3 spaces.
assignment-empty-question = Question { $number } has no content.
assignment-empty-question-help = Write the question behind its number.
assignment-no-blank = Question { $number } has no blank and does not say what it is.
assignment-no-blank-help = Mark a blank as [[key]]; end an essay or a project with {"{essay points=10}"} or {"{project points=20}"}.
assignment-misspelt-kind = Question { $number } has no blank, and “{ $word }” is no kind of question.
assignment-misspelt-kind-help = Did you mean “{ $suggestion }”?
assignment-blank-in-essay = An essay or a project cannot contain a blank.
assignment-blank-in-essay-help = Make the blank a question of its own; to show the brackets themselves, write \[[.
assignment-two-kinds = This question has already said what it is.
assignment-two-kinds-help = Keep one of the two.
assignment-no-points = There are no points; 1 is assumed.
assignment-no-points-help = Write {"{essay points=10}"}.
assignment-text-behind-kind = There is text behind the kind of question.
assignment-text-behind-kind-help = The kind ends the question; a rubric begins on the next line.
assignment-invisible-blank = Students would not see this blank: it is in an image's description, a link's address or an HTML tag.
assignment-invisible-blank-help = Move the blank into the text.
assignment-group-of-one = The group “{ $group }” has only one blank.
assignment-group-of-one-help = Blanks of one group carry the same name; a single blank needs no group.
assignment-group-same-key = Two blanks of the group “{ $group }” have the key “{ $text }”.
assignment-group-same-key-help = The keys of a group should differ; please check.
assignment-too-many-questions = There are more than { $most } questions.
assignment-too-many-questions-help = Split the file.
assignment-too-many-blanks = This question has more than { $most } blanks.
assignment-too-many-blanks-help = Split the question.
assignment-stray-text = This text belongs to no question.
assignment-stray-text-help = A question begins with its number at the start of a line (such as “1. ”); put words for yourself between <!-- and -->.
assignment-heading = This heading will not appear in the assignment.
assignment-heading-help = The name of the assignment is its title at the top of the file; indent a heading to make it part of a question.
assignment-unclosed-fence = The code block is never closed.
assignment-unclosed-fence-help = Put the same signs on a line of their own below the code.
assignment-blank-in-code = [[ ]] inside code is no blank and is shown as it stands.
assignment-blank-in-code-help = Move it out of the code if it is to be filled in.
assignment-unclosed-comment = The comment is never closed.
assignment-unclosed-comment-help = End it with -->.
assignment-full-width-brackets = “{ $text }” is a full-width bracket; it makes no blank and no attribute.
assignment-full-width-brackets-help = If a blank or an attribute is meant, write [[ ]] or {"{ }"}.

assignment-unclosed-blank = This blank is never closed.
assignment-unclosed-blank-help = Close it with ]] on the same line; to show the brackets themselves, write \[[.
assignment-bracket-behind-blank = There is one “]” too many behind the blank.
assignment-bracket-behind-blank-help = If it belongs to the key, write \]; otherwise remove it.
assignment-too-many-alternatives = This blank has more than { $most } alternatives.
assignment-too-many-alternatives-help = Width, case, traditional characters and ways to write a number count as equal anyway.
assignment-duplicate-alternative = The alternative “{ $text }” stands here twice.
assignment-duplicate-alternative-help = Keep one of the two.
assignment-full-width-bar = The key “{ $text }” contains a full-width “｜”, which does not separate alternatives.
assignment-full-width-bar-help = If these are alternatives, write |.
assignment-bar-within-brackets = The bar | splits what is in brackets into two alternatives: “{ $text }” and “{ $other }”.
assignment-bar-within-brackets-help = If the bar belongs to the answer, as in the set {"{"}x|1<x<3{"}"}, write \|.
assignment-no-whole-alternative = No answer to this blank earns full credit.
assignment-no-whole-alternative-help = Add at least one alternative without a share.
assignment-bad-share = “{ $value }” is no share of a blank.
assignment-bad-share-help = A share is above 0 and at most 100, for example %50%resource; if the per cent sign belongs to the key, write \%.
assignment-empty-alternative = There is no answer on one side of “|”.
assignment-empty-alternative-help = Add it, or remove the extra |; a blank whose key is not known yet is [[]].
assignment-long-alternative = The key is too long; { $most } characters are allowed.
assignment-long-alternative-help = For an answer of several sentences use {"{essay points=10}"}.
assignment-unconfirmed-open = This blank has no key yet, so “?” means nothing.
assignment-unconfirmed-open-help = Add the key or remove the “?”.
assignment-regex-alternatives = A blank with match=regex has one alternative only.
assignment-regex-alternatives-help = Put the “or” inside the expression with a backslash before it: [[(red\|yellow) light]].
assignment-bad-regex = The regular expression is not valid: { $reason }.
assignment-bad-regex-help = Write two backslashes before a bracket or a bar (\\[, \\|); “or” is \|.
assignment-not-a-number = The key “{ $text }” is not a number.
assignment-not-a-number-help = With match=number a key is a number such as 100, 1.5, 一百 or 70%; otherwise remove match=number.

assignment-unclosed-attributes = The braces are never closed.
assignment-unclosed-attributes-help = Close them with “{"}"}” on the same line; a quoted value needs both quotes; to show a brace itself, write \{"{"}.
assignment-misspelt-attribute = “{ $name }” is not known here.
assignment-misspelt-attribute-help = Did you mean “{ $suggestion }”?
assignment-unknown-attribute = “{ $name }” is not known here.
assignment-unknown-attribute-help = Known are { $known }; to show a brace itself, write \{"{"}.
assignment-duplicate-attribute = “{ $name }” stands here twice.
assignment-duplicate-attribute-help = Keep one of the two.
assignment-empty-attribute = “{ $name }” has no value.
assignment-empty-attribute-help = Write { $name }=value; put a value with spaces in double quotes.
assignment-long-attribute = “{ $name }” is too long.
assignment-long-attribute-help = At most { $most } characters.
assignment-bad-points = “{ $value }” is no number of points.
assignment-bad-points-help = Points go from 0 to 10000 with up to six decimal places, for example points=2 or points=0.5.
assignment-misspelt-match = “{ $value }” is no way to compare.
assignment-misspelt-match-help = Did you mean “{ $suggestion }”?
assignment-bad-match = “{ $value }” is no way to compare.
assignment-bad-match-help = Known are auto (the default), exact, number and regex.

assignment-key-refuses-itself = This key does not even accept itself.
assignment-key-refuses-itself-help = Write it another way; a key of punctuation or spaces alone needs match=exact.
assignment-near-keys = The keys of these two blanks look alike.
assignment-near-keys-help = A mix-up will wait for you; if they may change places, give both blanks the same group.
assignment-wide-pattern = This regular expression is too wide.
assignment-wide-pattern-help = Make the expression more specific.
