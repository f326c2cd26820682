plugin-setting-boolean = 请填“是”或“否”。
plugin-setting-choice = 请从列出的选项中选择一项。
plugin-setting-date = 请填日期，如 2026-10-12。
plugin-setting-least = 不能小于 { $least }。
plugin-setting-line = 只能写一行。
plugin-setting-long = 最多 { $most } 个字。
plugin-setting-most = 不能大于 { $most }。
plugin-setting-number = 请填整数。
