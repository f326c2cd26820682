//! Formulas of mathematics and chemistry: one formula in many notations, on screen, on a keyboard or in words.
//!
//! Only notation and the order of sums and products are set aside. Whether another formula is surely another one is found by working both
//! out with numbers for the letters: what comes out alike is never called wrong, and nothing is credited for it either.

mod expression;
mod parse;
mod reaction;
mod statement;
mod token;

use reaction::Reaction;
use statement::{Statement, compare_statements};

use super::character::confusable;

/// A key that is a formula.
#[derive(Debug)]
pub(super) struct Formula {
    kind: Kind,
    /// The same without capitals, for answers that have none or nothing else.
    small: Option<Box<Formula>>,
    letters: Vec<char>,
}

#[derive(Debug)]
enum Kind {
    Statement(Statement),
    Reaction(Reaction),
    /// A sign of relation alone.
    Sign(char),
}

/// How an answer compares with a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// The same formula.
    Equal,
    /// Worth the same, but not merely written in another way.
    SameValue,
    /// It may be the same.
    Unclear,
    /// Written in another form, so that the two cannot be worked out side by side.
    Apart,
    /// Surely another one.
    Other,
}

impl Formula {
    /// Reads a key; `None` if it is no formula.
    pub(super) fn of_key(raw: &str) -> Option<Formula> {
        let formula = Formula::read(raw)?;
        let small = raw.to_lowercase();
        let differs = small != raw && matches!(formula.kind, Kind::Statement(_));
        let small = differs.then(|| Formula::read(&small)).flatten().map(Box::new);
        Some(Formula { small, ..formula })
    }

    fn read(raw: &str) -> Option<Formula> {
        let kind = match reaction::read(raw) {
            Some(reaction) => Kind::Reaction(reaction),
            None if let Some(sign) = token::relation(raw) => Kind::Sign(sign),
            None => {
                let statement = Statement::read(raw)?;
                statement.is_telling().then_some(Kind::Statement(statement))?
            }
        };
        Some(Formula { kind, small: None, letters: letters(raw) })
    }

    /// Holds an answer against the formula; `None` if they have too little in common to say anything.
    pub(super) fn compare(&self, answer: &str) -> Option<Comparison> {
        let compared = match &self.kind {
            Kind::Reaction(own) => reaction::read(answer).map(|given| compare_reactions(own, &given)),
            Kind::Sign(own) => {
                let sign = |given| if *own == given { Comparison::Equal } else { Comparison::Other };
                return token::relation(answer).map(sign);
            }
            Kind::Statement(own) => Statement::read(answer).map(|given| compare_statements(own, &given)),
        };
        let shares_all =
            || (!self.letters.is_empty() && letters(answer) == self.letters).then_some(Comparison::Unclear);
        compared.unwrap_or_else(shares_all)
    }

    /// Whether an answer that is written like the formula but for marks reads as another one.
    pub(super) fn is_contradicted_by(&self, answer: &str) -> bool {
        let same = |compared: Option<Comparison>| compared.is_none_or(|compared| compared == Comparison::Equal);
        matches!(self.kind, Kind::Statement(_)) && !same(self.compare(answer)) && !same(self.compare_small(answer))
    }

    /// The same without regard to letter case.
    pub(super) fn compare_small(&self, answer: &str) -> Option<Comparison> {
        self.small.as_deref().unwrap_or(self).compare(&answer.to_lowercase())
    }
}

fn compare_reactions(own: &Reaction, given: &Reaction) -> Option<Comparison> {
    if own.same(given) {
        let said = own.condition.is_empty() || own.condition == given.condition;
        return Some(if said && own.arrows == given.arrows { Comparison::Equal } else { Comparison::Unclear });
    }
    // H20 for H2O
    let alike = |reaction: &Reaction| {
        let names: Vec<String> = reaction.sides.iter().flat_map(|side| side.keys().cloned()).collect();
        names.concat().replace('0', "O")
    };
    match () {
        () if own.is_multiple_of(given) => Some(Comparison::Unclear),
        () if own.is_equation() && given.is_equation() => Some(Comparison::Other),
        () if alike(own) == alike(given) => Some(Comparison::Unclear),
        () => None,
    }
}

/// The letters and figures that occur, each once, those that look alike being one.
fn letters(text: &str) -> Vec<char> {
    let Some(plain) = token::plain(text) else { return Vec::new() };
    let mut letters: Vec<char> = plain
        .into_iter()
        .filter(|c| c.is_alphanumeric())
        .map(|c| confusable(c.to_lowercase().next().unwrap_or(c)))
        .collect();
    letters.sort_unstable();
    letters.dedup();
    letters
}

/// A number with a unit in printed notation (`2x10^5`, `10的5次方`), if it was typed or said in another.
pub(super) fn printed(answer: &str) -> Option<String> {
    let typed = ["^", "**", "次方", "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
    if answer.contains([':', '：', '比']) || !typed.iter().any(|sign| answer.contains(sign)) {
        return None;
    }
    token::tokens(answer).map(|tokens| token::spelled(&tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: Option<Comparison>, key: &str, answers: &[&str]) {
        let formula = Formula::of_key(key).unwrap_or_else(|| panic!("{key} is a formula"));
        let wrong: Vec<_> = answers.iter().filter(|answer| formula.compare(answer) != expected).collect();
        assert!(wrong.is_empty(), "{key}: not {expected:?}: {wrong:?} {:?}", formula.compare(wrong[0]));
    }

    #[test]
    fn one_formula_in_many_notations() {
        let same = |key, answers: &[&str]| check(Some(Comparison::Equal), key, answers);
        same("x²+C", &["x^2+C", "x**2+C", "x的平方+C", "C+x²", "x^{2}+C", "x×x+C"]);
        same("1/x", &["x^-1", "x^(-1)", "x⁻¹", "x分之一", "x分之1", "\\frac{1}{x}", "1÷x"]);
        same("√2", &["根号2", "根号二", "sqrt(2)", "\\sqrt{2}", "√(2)", "2^(1/2)"]);
        same("½mv²", &["1/2mv²", "(1/2)mv^2", "mv²/2", "0.5mv²", "1/2*m*v^2", "二分之一mv平方"]);
        same("F=ma", &["F=m×a", "F=m*a", "F=am", "F = m a", "F=m·a"]);
        same("π/2", &["0.5π", "1/2π", "二分之π", "½π", "pi/2"]);
        same("U/R", &["U除以R", "\\frac{U}{R}", "U:R", "U÷R"]);
        same("x≥1", &["x大于等于1", "x>=1", "1≤x", "x不小于1", "大于等于1", "≥1"]);
        same("2πr", &["2×π×r", "2*pi*r", "2π·r"]);
        same("|A|≠0", &["detA≠0", "det(A)≠0", "|A|不等于0", "|A|!=0", "|A|不等于零"]);
        same("±2", &["正负2", "正负二", "2和-2", "2或-2", "-2,2", "+/-2", "2、-2"]);
        same("x=2或x=3", &["x=3或x=2", "x=2或3", "x=2,x=3", "2或3", "x=2，3"]);
        same("0≤P(A)≤1", &["1≥P(A)≥0", "0<=P(A)<=1"]);
        same("[1,+∞)", &["[1,∞)", "［1，+∞）", "[1,正无穷)"]);
        same("2ⁿ", &["2^n", "2**n", "2的n次方"]);
        same("A·B", &["A×B", "A*B", "A.B", "AB"]);
        same("O(nlogn)", &["O(n log n)", "O(n*logn)", "O(n·logn)"]);
        same("负债+所有者权益", &["所有者权益+负债"]);
        same("≤", &["小于等于", "小于或等于", "不大于", "<="]);
        same("⊥", &["垂直", "垂直于"]);
        same("平行", &["∥"]);
        same("aₙ=2n-1", &["a_n=2n-1", "a_{n}=2×n-1"]);
    }

    #[test]
    fn another_sign_or_letter_is_another_formula() {
        let other = |key, answers: &[&str]| check(Some(Comparison::Other), key, answers);
        other("1/x", &["-1/x", "1x", "1/x²", "2/x"]);
        other("2n-1", &["2(n-1)", "2n+1", "n-1", "n²-1"]);
        other("F=ma", &["F=mv", "F=m/a", "F=-ma", "F=m+a"]);
        other("x≥1", &["x>1", "x≥-1", "x≤1", "x=1"]);
        other("√2", &["-√2", "2√2", "√3"]);
        other("(0,1]", &["(0,1)", "[0,1]", "(1,0]"]);
        other("f'(x)", &["f(x)", "f''(x)", "F(x)"]);
        other("E=mc²", &["E=m²c", "E=mc³"]);
        other("A⁻¹", &["A^1", "A^-2"]);
        other("x=2或x=3", &["x=2且x=4", "x=1或x=6"]);
        other("W=mv-mgh", &["W=mv+mgh", "W=mgh-mv"]);
    }

    #[test]
    fn what_may_be_the_same_is_looked_at() {
        let unclear = |key, answers: &[&str]| check(Some(Comparison::Unclear), key, answers);
        unclear("x²+C", &["x2+C"]);
        unclear("E=mc²", &["E=mc2"]);
        unclear("W=mv-mgh", &["W=mvmgh", "W=mv mgh"]);
        check(Some(Comparison::Apart), "F=ma", &["a=F/m", "ma=F"]);
        check(Some(Comparison::Apart), "{x|1<x<3}", &["1<x<3"]);
        unclear("aₙ=2n-1", &["an=2n-1"]);
        unclear("y=a/(bc)", &["y=a/bc"]);
        check(Some(Comparison::SameValue), "2n-1", &["1+2(n-1)"]);
        check(Some(Comparison::SameValue), "y=AB-C", &["y=BA-C"]);
    }

    #[test]
    fn reactions_keep_their_sides() {
        let key = "2H₂+O₂=2H₂O";
        check(
            Some(Comparison::Equal),
            key,
            &[
                "2H2+O2→2H2O",
                "O₂+2H₂=2H₂O",
                "2H2+O2==2H2O",
                "2H2 + O2 -> 2H2O",
                "2H₂+O₂=点燃=2H₂O",
                "2H₂+O₂—点燃→2H₂O",
                "2H₂+O₂═2H₂O",
            ],
        );
        check(Some(Comparison::Other), key, &["2H2O=2H2+O2", "2H2+O2=2H2O2"]);
        check(Some(Comparison::Other), key, &["H2+O2=H2O"]);
        check(Some(Comparison::Unclear), key, &["4H2+2O2=4H2O"]);
        check(Some(Comparison::Equal), "Fe³⁺", &["Fe3+", "Fe^3+", "Fe^{3+}", "Fe^(3+)", "Fe（3+）"]);
        check(Some(Comparison::Equal), "SO₄²⁻", &["SO4^2-", "SO4 2-", "SO₄^{2-}", "SO4(2-)", "SO42-"]);
        check(Some(Comparison::Equal), "H₂O", &["H_2O", "$H_2O$", "H2O"]);
        check(Some(Comparison::Equal), "CH₃CH₂OH", &["CH3-CH2-OH", "CH₃—CH₂—OH"]);
        check(Some(Comparison::Equal), "Ag⁺+Cl⁻=AgCl", &["Ag++Cl-=AgCl", "Cl- + Ag+ = AgCl"]);
        check(Some(Comparison::Unclear), "H₂O", &["H₂0"]);
    }

    #[test]
    fn words_are_no_formulas() {
        for text in [
            "TCP/IP",
            "C++",
            "Ctrl+C",
            "and/or",
            "e-mail",
            "SELECT * FROM a",
            "count(*)",
            "GDP",
            "订阅号",
            "1:n",
            "A/B测试",
            "2019-12",
            "i++",
            "http://a.b",
            "HTTP",
            "CPU",
            "abs(x)",
            "马克·吐温",
            "生产者→消费者",
            "秦岭-淮河",
            "泰勒/泰罗",
            "3NF",
            "4P",
            "0x1F",
        ] {
            assert!(Formula::of_key(text).is_none(), "{text}: {:?}", Formula::of_key(text));
        }
    }

    #[test]
    fn numbers_are_printed_as_they_are_said() {
        for (typed, expected) in [
            ("2x10^5", "2*10^5"),
            ("2×10的5次方", "2*10^5"),
            ("10^(-3)", "10^-3"),
            ("10的负三次方", "10^-3"),
            ("3X10^8m/s", "3*10^8m/s"),
            ("2×10**5", "2*10^5"),
        ] {
            assert_eq!(printed(typed).as_deref(), Some(expected));
        }
        assert_eq!(printed("2×10 5"), None);
        assert_eq!(printed("0x10"), None);
    }
}
