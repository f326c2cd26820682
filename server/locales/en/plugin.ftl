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
plugin-marks = Count towards marks
plugin-marks-lead = Turn what the tools counted into points: each student's own share of the class's project.
plugin-marks-text = The tools keep count for every student. Say what each fact is worth and look at the preview; what you then put in is the student's own share of the class's project, added to the class's points up to what the project is worth. The rates are kept, so coming back later brings the shares up to date.
plugin-marks-hint = A fact without points for each does not count; without a most it has no limit of its own.
plugin-marks-each = Points for each
plugin-marks-most = Most points
plugin-marks-project = Class project
plugin-marks-colon = {": "}
plugin-marks-project-of = { $assignment } · { $question } (out of { $points })
plugin-marks-no-project = Choose a class project.
plugin-marks-no-rate = Say for at least one fact how many points each is worth.
plugin-marks-no-tools = No tool counts anything yet
plugin-marks-no-tools-text = Add tools to the class first.
plugin-marks-no-projects = No class project has been given yet
plugin-marks-no-projects-text = Shares belong to a project in an assignment, such as running a public account together.
plugin-marks-missing = { $tool } is not running and cannot say what it counted. So that nobody is left out, put shares in once it runs again; if it is not to count, empty its points for each.
plugin-marks-preview = Preview
plugin-marks-table = What students have done
plugin-marks-student = Student
plugin-marks-own = Own share
plugin-marks-together = With the class's
plugin-marks-now = In the gradebook
plugin-marks-of-class = The class has { $points } points; the project is worth { $worth }.
plugin-marks-of-class-none = The class's work has no mark yet; the project is worth { $worth }.
plugin-marks-same = The gradebook has the same shares already; there is nothing to bring up to date.
plugin-marks-give = { $count ->
    [0] Keep the rates
    [one] Put in one share
   *[other] Put in { $count } shares
 }
plugin-marks-give-confirm = { $count ->
    [one] Put in one share? The student sees the points and how they were reckoned.
   *[other] Put in { $count } shares? Students see the points and how they were reckoned.
 }
plugin-marks-changed = What was counted or marked has changed since the preview. Nothing was put in: look at the new preview, then decide.
plugin-marks-meanwhile = Another teacher has just put shares in, or the project is worth less now. Nothing was put in: look at the preview again.
plugin-marks-given = { $count ->
    [0] The rates are kept; no share has changed.
    [one] One share was put in.
   *[other] { $count } shares were put in.
 }
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
plugin-update-waits-off = Version { $version } asks for more and runs once it is approved; nothing of it runs now.
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
plugin-quarantined-help = Chapters, assignments and the other tools work as ever. See below what happened, then try again, go back to the version before, or disable it.
plugin-alarm-quarantined = { $tool } kept crashing and is in quarantine
plugin-alarm-incompatible = { $tool } cannot run
plugin-alarm-waiting = An update of { $tool } waits for approval, and nothing of it runs now
plugin-alarm-missing = The file of { $tool } is gone
plugin-alarm-rest = Chapters, assignments and the other tools work as ever.
plugin-alarm-look = See why and what to do
plugin-quarantine-last = The last crash
plugin-quarantine-plugin = Plugin
plugin-quarantine-end = How it ended
plugin-quarantine-at = Time
plugin-quarantine-log = Log before the crash
plugin-reason-needs = It needs { $service }, and no enabled plugin provides that.
plugin-end-signal = ended by signal { $number } ({ $name })
plugin-end-exit = left by itself with exit code { $code }
plugin-end-hang = did not end in time and was stopped
plugin-original = Original:{ " " }
plugin-reason-file = Its file is gone; it goes on when the file is back.
plugin-reason-safe-mode = The server was started with --safe-mode and runs no plugins.
plugin-reason-tables = Its tables could not be brought up to date for this version.
plugin-reason-start = Its process cannot be started.
plugin-reason-silent = It said nothing after it was started.
plugin-reason-take-over = The new version { $version } could not take over; the one before goes on.
plugin-reason-other = It could not run as it should; the program says why.
plugin-end-stopped = was stopped by a signal and replaced
plugin-end-replaced = was replaced
plugin-end-silent = did not read any more and was ended
plugin-end-protocol = said what the interface does not know and was ended
plugin-code-ok = done
plugin-code-bad-request = what it was given cannot be used
plugin-code-not-found = what it looked for is not there
plugin-code-denied = it was not allowed
plugin-code-conflict = something else changed meanwhile
plugin-code-plugin-error = the plugin reports an error
plugin-code-panic = the program panicked
plugin-code-unsupported = there is no such function
plugin-code-busy = it had too much to do
plugin-code-cancelled = nobody waited any longer
plugin-code-timeout = no answer in time
plugin-code-worker-died = its process ended in the middle
plugin-code-breaker-open = it failed too often lately and is left alone for a moment
plugin-code-incompatible = it does not fit this server
plugin-code-protocol = said what the interface does not know
plugin-code-not-running = it does not run
plugin-operation-http = opening a page
plugin-operation-widget = box on the class page
plugin-operation-event = handling an event
plugin-operation-job = job by the clock
plugin-operation-service = answering another tool
plugin-operation-health = checking itself
plugin-operation-migrate-data = bringing data up to date
plugin-operation-export-person = exporting a person's data
plugin-operation-erase-person = erasing a person's data
plugin-operation-settings-changed = reading new settings
plugin-operation-facts = counting facts
plugin-operation-render = laying out a page
plugin-operation-start = starting
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
