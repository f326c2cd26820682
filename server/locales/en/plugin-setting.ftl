plugin-setting-boolean = Answer yes or no.
plugin-setting-choice = Choose one of those listed.
plugin-setting-date = Give a day, such as 2026-10-12.
plugin-setting-least = At least { $least }.
plugin-setting-line = One line only.
plugin-setting-long = At most { $most } characters.
plugin-setting-most = At most { $most }.
plugin-setting-number = Give a whole number.
