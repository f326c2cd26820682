//! Pages in two columns whose lines extraction has set side by side: the left column is read before the right one.

use super::characters::{is_space, trim, width};
use super::lines::Line;

/// So many lines in a row show that there are two columns.
const LEAST: usize = 5;
/// Columns known to be there may go on a little to the side: spaces stand for a width only roughly.
const LEAST_MORE: usize = 1;
/// So many show it where other pages have two columns, and so wide.
const LEAST_AGAIN: usize = 2;
const NARROWEST_AGAIN: usize = 12;
/// A quarter of a column's lines are so wide at least, in columns of a character; what is narrower is a table.
const NARROWEST: usize = 20;

/// Takes lines of two columns apart. What stands across both stays where it is.
pub(super) fn apart(lines: Vec<Line>) -> Vec<Line> {
    let mut parted: Vec<Line> = Vec::with_capacity(lines.len());
    let mut right: Vec<Line> = Vec::new();
    let mut known = false;
    let mut at = 0;
    while at < lines.len() {
        let page_end = (at + 1..lines.len()).find(|next| lines[*next].page_break).unwrap_or(lines.len());
        let least = match (right.is_empty(), known) {
            (false, _) => LEAST_MORE,
            (true, true) => LEAST_AGAIN,
            (true, false) => LEAST,
        };
        match block(&lines[at..page_end], least) {
            Some((count, gutter)) => {
                known = true;
                for line in &lines[at..at + count] {
                    let (left_part, right_part) = halves(line, gutter);
                    parted.extend(left_part);
                    right.extend(right_part);
                }
                at += count;
            }
            None => {
                // A short line between columns that begin anew belongs to the left one.
                let within = !right.is_empty() && block(&lines[at + 1..page_end], LEAST_MORE).is_some();
                if !(within && lines[at].width() < 2 * NARROWEST) {
                    parted.append(&mut right);
                }
                parted.push(lines[at].clone());
                at += 1;
            }
        }
        if at >= page_end {
            parted.append(&mut right);
        }
    }
    parted
}

/// The lines at the start that make two columns: how many, and the character at which the right one begins.
fn block(lines: &[Line], least: usize) -> Option<(usize, usize)> {
    let mut gutters: Vec<usize> = lines.iter().take(LEAST).filter_map(|line| right_start(&line.text)).collect();
    gutters.sort_unstable();
    gutters.dedup();
    let fitting = gutters.into_iter().filter_map(|gutter| {
        let count = lines.iter().take_while(|line| fits(&line.text, gutter)).count();
        let both = |part: fn(&(Option<Line>, Option<Line>)) -> Option<&Line>| -> usize {
            let mut widths: Vec<usize> = lines[..count]
                .iter()
                .map(|line| halves(line, gutter))
                .filter(|halves| halves.0.is_some() && halves.1.is_some())
                .filter_map(|halves| part(&halves).map(Line::width))
                .collect();
            widths.sort_unstable();
            if widths.len() < least { 0 } else { widths[widths.len() * 3 / 4] }
        };
        let narrowest = match least {
            LEAST_MORE => 1,
            LEAST_AGAIN => NARROWEST_AGAIN,
            _ => NARROWEST,
        };
        let wide = both(|halves| halves.0.as_ref()) >= narrowest && both(|halves| halves.1.as_ref()) >= narrowest;
        wide.then_some((count, gutter))
    });
    fitting.max_by_key(|(count, gutter)| (*count, usize::MAX - gutter))
}

/// Where text begins behind at least two spaces in the line, the widest gap counting.
fn right_start(text: &str) -> Option<usize> {
    let characters: Vec<char> = text.chars().collect();
    let first = characters.iter().position(|c| !is_space(*c))?;
    let mut best = None;
    let mut at = first;
    while at < characters.len() {
        let run = characters[at..].iter().take_while(|c| is_space(**c)).count();
        if run >= 2 && at + run < characters.len() && best.is_none_or(|(longest, _)| run > longest) {
            best = Some((run, at + run));
        }
        at += run.max(1);
    }
    best.map(|(_, start)| start)
}

/// Whether nothing of the line stands across the gutter.
fn fits(text: &str, gutter: usize) -> bool {
    let mut behind = text.chars().skip(gutter.saturating_sub(2));
    match (behind.next(), behind.next()) {
        (Some(first), Some(second)) if behind.next().is_some() => is_space(first) && is_space(second),
        _ => true,
    }
}

/// The parts of the line on both sides of the gutter.
fn halves(line: &Line, gutter: usize) -> (Option<Line>, Option<Line>) {
    let cut = line.text.char_indices().nth(gutter).map_or(line.text.len(), |(at, _)| at);
    let (left, right) = line.text.split_at(cut);
    let part = |text: &str, column: usize, page_break: bool| {
        let text = if column > 0 { text } else { text.trim_end_matches(is_space) };
        (width(trim(text)) > 0).then(|| Line { text: text.to_owned(), column, page_break, ..line.clone() })
    };
    (part(left, line.column, line.page_break), part(right, line.column + gutter, false))
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    fn read(source: &str) -> Vec<String> {
        apart(split(source)).iter().map(|line| trim(&line.text).to_owned()).collect()
    }

    #[test]
    fn the_left_column_is_read_first() {
        let source = "          第二章 土壤\n\
                      土壤是地球表面能够生长植物的   重要的来源。\n\
                      疏松表层，它由矿物质、有机质      要先认识它，才能够谈到\n\
                      水分和空气组成，矿物质占了大   怎样施肥和灌溉，怎样使得\n\
                      部分，有机质虽少却是养分的来   一块薄地慢慢变成沃土。\n\
                      源。\n\
                      它还决定了土壤的质地和结构，   沃土是养出来的，不是天生\n\
                      也决定了许多其他的性质，是最   就有的，这要花许多年。\n\
                      （完）\n";
        let lines = read(source);
        assert_eq!(lines[0], "第二章 土壤");
        assert_eq!(lines[5..8], ["源。", "它还决定了土壤的质地和结构，", "也决定了许多其他的性质，是最"]);
        assert_eq!(lines[9], "重要的来源。", "{lines:?}");
        assert_eq!(lines[14], "就有的，这要花许多年。");
    }

    #[test]
    fn tables_and_choices_stay_as_they_are() {
        for source in [
            "名称    用途\n氮肥    叶\n磷肥    根\n钾肥    茎\n复合肥  都\n微肥    补\n",
            "1.下列说法中正确的一项是哪一项呢，请选择（  ）。\nA. 甲    B. 乙\nC. 丙    D. 丁\n2.又有哪一项是错误的呢，请再选择一次（  ）。\nA. 甲    B. 乙\nC. 丙    D. 丁\n",
        ] {
            assert_eq!(read(source), source.lines().collect::<Vec<_>>());
        }
    }
}
