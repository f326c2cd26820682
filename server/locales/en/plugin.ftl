# Class tools (plugins)
plugin-tools = Tools
plugin-said = { $text }
plugin-bad-request = What was sent cannot be used.
plugin-conflict = Something has changed meanwhile.
plugin-slow = { $tool } did not answer in time.
plugin-busy = { $tool } is too busy just now.
plugin-fault = { $tool } failed.
plugin-fault-help = Chapters, assignments and the other tools work as ever. Try again in a moment; the fault is on record for the administrators.
plugin-down = { $tool } is not running.
plugin-down-help = Chapters, assignments and the other tools work as ever. The page about plugins tells administrators why, and lets them start it again.
plugin-widget-down = Not available just now.
plugin-is-down = not running
plugin-tools-text = A class can use the tools that an administrator has enabled. What a tool has kept stays when it is taken away, and is there again when it comes back.
plugin-others = Tools to add
plugin-add = Add
plugin-add-this = Add { $tool }
plugin-remove = Take away
plugin-remove-confirm = Take { $tool } away from this class? What it has kept stays.
plugin-added = { $tool } was added.
plugin-removed = { $tool } was taken away.
plugin-not-enabled = No administrator has enabled this tool yet.
plugin-none = There are no tools yet
plugin-none-text = Ask an administrator to enable some under Administration → Plugins.
plugin-what-it-does = What it can do, and what it keeps
plugin-asks = It asks to
plugin-asks-nothing = It asks for nothing.
plugin-asks-tables = keep data of its own (it sees neither the course's nor other tools')
plugin-asks-roster = read the class roster: names, numbers, roles and posts
plugin-asks-secrets = use secret settings, such as the keys of a public account
plugin-asks-schedule = run at times it chooses
plugin-asks-scripts = run scripts in its own pages
plugin-asks-http = talk to these servers: { $names }
plugin-asks-services = ask other tools: { $names }
plugin-asks-hears = hear of these events: { $names }
plugin-asks-emits = tell of these events: { $names }
plugin-asks-jobs = { $count ->
    [one] run one job by the clock
   *[other] run { $count } jobs by the clock
 }
plugin-keeps = It keeps personal data
plugin-keeps-nothing = It keeps nothing about anybody.
plugin-settings = Settings
plugin-settings-save = Save
plugin-settings-saved = The settings are saved.
plugin-settings-none = This tool has no settings.
plugin-secret-set = Set, and never shown again; leave it empty to keep it.
plugin-secret-not-set = Not set yet.
plugin-secret-forget = Forget what is set
plugin-marks = Into the gradebook
plugin-marks-text = Turn what { $tool } counted into points for an essay or a project. See what comes out first; earlier marks stay on record and can be given anew.
plugin-marks-each = Points for each
plugin-marks-most = Most points
plugin-marks-most-hint = Leave it empty for no limit of its own.
plugin-marks-question = Question to mark
plugin-marks-question-of = { $assignment } · { $question } (out of { $points }, { $handed-in } handed in)
plugin-marks-no-question = Choose a question.
plugin-marks-no-rate = Say for at least one fact how many points each is worth.
plugin-marks-none-handed-in = There is nothing to mark yet: an essay or a project must have been handed in.
plugin-marks-preview = Preview
plugin-marks-table = What students have done
plugin-marks-student = Student
plugin-marks-points = Comes to
plugin-marks-now = Mark now
plugin-marks-not-handed-in = nothing handed in
plugin-marks-of-class = A project is marked for the whole class: { $points } points.
plugin-marks-same = The marks are already what comes out; there is nothing to give.
plugin-marks-give = { $count ->
    [one] Give one mark
   *[other] Give { $count } marks
 }
plugin-marks-give-confirm = { $count ->
    [one] Give one mark? The student sees the points and how they were reckoned.
   *[other] Give { $count } marks? Students see the points and how they were reckoned.
 }
plugin-marks-changed = What was counted or marked has changed since the preview. Nothing was given: look at the new preview, then decide.
plugin-marks-given = { $count ->
    [one] One mark was given.
   *[other] { $count } marks were given.
 }
plugin-marks-line = { $fact }: { $amount } × { $each } = { $points } points
plugin-marks-line-most = { $fact }: { $amount } × { $each }, at most { $points } points
plugin-marks-line-worth = The question is worth { $most } points
plugin-marks-from = Reckoned from { $tool }
plugin-admin-text = Plugins are class tools. Each runs in a process of its own, so its faults do not reach the course. Read what one asks for before you enable it.
plugin-admin-none = No plugins were found
plugin-admin-none-text = Put plugin files into the folder plugins of the data directory, or build them along with cargo run.
plugin-classes = { $count ->
    [0] used by no class
    [one] used by one class
   *[other] used by { $count } classes
 }
plugin-update-waits = update waits
plugin-update-waits-text = Version { $version } asks for more and is used once it is approved; the old version still runs.
plugin-approve = Approve the new version
plugin-enable = Enable
plugin-disable = Disable
plugin-retry = Try again
plugin-roll-back = Go back to the version before
plugin-disable-confirm = Disable { $tool }? No class can use it for the time being; what it has kept stays.
plugin-roll-back-confirm = Go back to the version of { $tool } before this one?
plugin-enabled = { $tool } is enabled.
plugin-disabled = { $tool } is disabled.
plugin-retried = { $tool } is starting again.
plugin-rolled-back = Going back to the version of { $tool } before.
plugin-file-missing = The file of this plugin is gone; put it back first.
plugin-quarantined = { $tool } kept crashing and is in quarantine
plugin-quarantined-help = Everything else works as ever. Look at the last faults below, then try again, go back to the version before, or disable it.
plugin-now = Now
plugin-used-by = Use
plugin-memory = Memory
plugin-events-waiting = Events waiting
plugin-file = File (SHA-256)
plugin-sandbox-files-shut = It cannot touch files ({ $note })
plugin-sandbox-files-open = Files are open to it: { $note }
plugin-sandbox-files-unknown = Whether it can touch files is not known
plugin-sandbox-calls-shut = It can reach no network, run no programs and touch no other process ({ $note })
plugin-sandbox-calls-open = Network and programs are open to it: { $note }
plugin-sandbox-calls-unknown = Whether it can reach the network is not known
plugin-calls = Calls
plugin-operation = Operation
plugin-faults = Faults
plugin-mean = Mean
plugin-longest = Longest
plugin-provides = Services it offers
plugin-last-faults = Last faults
plugin-no-faults = There were none.
plugin-no-log = It logged nothing before.
plugin-fault-death = process ended
plugin-fault-hang = no answer
plugin-fault-panic = panic
plugin-fault-refused = does not start
plugin-fault-quarantine = quarantined
plugin-fault-memory = too much memory
plugin-fault-job = job failed
plugin-fault-event = event failed
plugin-fault-other = { $kind }
plugin-letters = Dead letters
plugin-letters-text = These events could not be handled in several tries. Send them again once the cause is mended.
plugin-letter-tries = { $count ->
    [one] one try
   *[other] { $count } tries
 }
plugin-letter-send = Send again
plugin-letter-again = Sent to { $tool } again.
plugin-state-disabled = not enabled
plugin-state-starting = starting
plugin-state-ready = running
plugin-state-restarting = restarting
plugin-state-quarantined = in quarantine
plugin-state-incompatible = cannot run
plugin-state-missing = file is gone
plugin-field-required = “{ $field }” is missing. Go back and fill it in.
plugin-field-unreadable = “{ $field }” cannot be read. Go back and check it.
