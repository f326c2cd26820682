# Shared words of the layout and the components.

layout-site = Classroom
layout-skip = Skip to the text
layout-navigation = Main
layout-nav-today = Today
layout-nav-course = Courses
layout-nav-assignment = Assignments
layout-nav-class = Classes
layout-nav-account = Me
layout-nav-admin = Administration
layout-search = Search
layout-sign-in = Sign in
layout-contents = Contents
layout-notes = Notes
layout-breadcrumb = You are here
layout-pagination = Pages
layout-previous-page = Previous
layout-next-page = Next
layout-page-of = Page { $page } of { $pages }
layout-close = Close
layout-cancel = Cancel
layout-confirm = Please confirm
layout-chart-data = Show the data
layout-back-to-text = Back to the text
layout-resume = Go on reading:

# Preferences, in the footer and on the account page.
layout-language = Language
layout-theme = Theme
layout-theme-auto = Auto
layout-theme-light = Light
layout-theme-dark = Dark
layout-font-size = Text
layout-font-small = Small
layout-font-normal = Medium
layout-font-large = Large
layout-font-huge = Huge

# Names of the notice icons, read aloud.
layout-notice-info = Note
layout-notice-success = Done
layout-notice-warning = Warning
layout-notice-error = Error

# Verdicts.
layout-verdict-correct = Correct
layout-verdict-partial = Partly correct
layout-verdict-incorrect = Incorrect
layout-verdict-review = For the teacher
layout-verdict-unanswered = Not answered
layout-key = Answer:{" "}

# Status line of the exercise sheet.
layout-sheet-idle = Scripts are off: nothing is saved until you press “Hand in”.
layout-sheet-saved = Saved { $time }
layout-sheet-saving = Saving…
layout-sheet-offline = On this device only, waiting for the network
layout-sheet-error = The server did not take it. Trying again; your answers are still on this device.
layout-sheet-refused = Not saved: { $message }
layout-sheet-sign-in = You are signed out. Your answers are still on this device: sign in and come back to this page.
layout-sheet-handed-in = This attempt is already handed in. Later changes do not count. Please reload the page.
layout-sheet-handing-in = Handing in…
layout-sheet-waiting = Not handed in yet: waiting for the network. It will be sent by itself; please keep this page open.
layout-sheet-restored = Found unsaved answers on this device, saving…
layout-sheet-no-storage = This device cannot keep a copy. Please stay online.
layout-sheet-late = Saved { $time } (after the deadline)
layout-sheet-filled = { $filled } of { $total } blanks filled
layout-sheet-closes = Closes:{" "}
layout-left-days = { $days } d { $hours } h left
layout-left-hours = { $hours } h { $minutes } min left
layout-left-minutes = { $minutes } min { $seconds } s left
layout-left-none = closed
layout-left-announce = { $minutes } minutes until this closes.

# Error page.
layout-error-request = Request:{" "}
layout-error-home = To the front page
layout-error-retry = Try again
