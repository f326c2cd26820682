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
