# A student's own marks.

marks-title = My marks
marks-sub = Each mark says how it comes about.
marks-empty = No marks yet
marks-empty-text = Once you have handed something in, points and formula appear here.
marks-so-far = So far: what was handed in or is closed.
marks-supposed = As you suppose: { $points }, { $per-cent }%.
marks-none-yet = No points yet, { $of } in all
marks-rule-best = Best, attempt { $number }:{" "}
marks-rule-last = Last, attempt { $number }:{" "}
marks-rule-first = First, attempt { $number }:{" "}
marks-formula-blanks = blanks { $points }
marks-formula-essays = essays { $points }
marks-formula-late = , less { $per-cent }% for lateness
marks-formula-project = class project { $points }
marks-attempts = Attempts ({ $count })
marks-what-if = Suppose I earn ({ $most } at most)
marks-compute = Compute
marks-forget = Forget the supposition
