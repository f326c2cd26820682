//! From signs to what they say: relations between sums of products, several of them joined by 或.

use super::expression::Expression;
use super::token::{FUNCTIONS, Token};

/// Expressions with signs of relation between them; one expression if there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) sides: Vec<Expression>,
    pub(super) signs: Vec<char>,
}

/// What joins several relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joined {
    Or,
    And,
}

/// A whole formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) relations: Vec<Relation>,
    pub(super) joined: Joined,
    /// What it was that made it a formula rather than a word with a sign in it.
    pub(super) traits: Traits,
}

/// What occurs in a formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    /// A power, a root, a relation, a sign of multiplication, a figure beside a letter: only formulas have those.
    pub(super) telling: bool,
    /// A sum or a division.
    pub(super) operation: bool,
    /// Two letters or more beside each other.
    pub(super) run: bool,
    /// A word that stands for a quantity.
    pub(super) named: bool,
    /// A sign that does not also join words, as a hyphen, a slash or an arrow does.
    pub(super) explicit: bool,
    /// `a/bc`, which may be read in two ways.
    pub(super) doubtful: bool,
}

const RELATIONS: &str = "=<>≤≥≠≈→⊥∥⊂⊆⊃∈∉";

/// Whether a name is that of a function, perhaps with a base: log, log_2.
fn is_function(token: &Token) -> bool {
    matches!(token, Token::Name(name) if FUNCTIONS.contains(&name.split('_').next().unwrap_or_default()))
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: u32,
    traits: Traits,
}

/// Reads all signs of a formula.
pub(super) fn statement(tokens: &[Token]) -> Option<Statement> {
    let mut parser = Parser { tokens, at: 0, depth: 0, traits: Traits::default() };
    let mut relations = vec![parser.relation()?];
    let mut joined = None;
    while let Some(sign) = parser.take_any("或,且") {
        let kind = if sign == '且' { Joined::And } else { Joined::Or };
        if joined.is_some_and(|joined| joined != kind) {
            return None;
        }
        joined = Some(kind);
        relations.push(parser.relation()?);
    }
    (parser.at == tokens.len()).then_some(Statement {
        relations,
        joined: joined.unwrap_or(Joined::Or),
        traits: parser.traits,
    })
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn take_any(&mut self, signs: &str) -> Option<char> {
        let Some(&Token::Sign(sign)) = self.peek() else { return None };
        signs.contains(sign).then(|| self.at += 1)?;
        Some(sign)
    }

    fn relation(&mut self) -> Option<Relation> {
        // ≥1 without a left side says something of a quantity that is not named.
        let mut relation = Relation { sides: Vec::new(), signs: Vec::new() };
        let unnamed = matches!(self.peek(), Some(Token::Sign(sign)) if RELATIONS.contains(*sign));
        relation.sides.push(if unnamed { Expression::Symbol(String::new()) } else { self.sum()? });
        while let Some(sign) = self.take_any(RELATIONS) {
            self.traits.telling = true;
            self.traits.explicit |= sign != '→';
            relation.signs.push(sign);
            relation.sides.push(self.sum()?);
        }
        Some(relation)
    }

    fn sum(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > 20 {
            return None;
        }
        let mut terms = Vec::new();
        let mut sign = self.take_any("+-±∓");
        loop {
            let term = self.product()?;
            terms.push(match sign {
                Some('-') => Expression::Negative(Box::new(term)),
                Some(sign @ ('±' | '∓')) => {
                    self.traits.telling = true;
                    Expression::Applied(sign.to_string(), vec![term])
                }
                _ => term,
            });
            sign = self.take_any("+-±∓");
            if sign.is_none() {
                break;
            }
            self.traits.operation = true;
            self.traits.explicit |= sign == Some('+');
        }
        self.depth -= 1;
        Some(if terms.len() == 1 { terms.remove(0) } else { Expression::Sum(terms) })
    }

    fn product(&mut self) -> Option<Expression> {
        let mut factors = vec![self.signed_power()?];
        let mut after_slash = false;
        let mut last_is_number = matches!(factors[0], Expression::Number(_));
        loop {
            if self.take('*') {
                self.traits.telling = true;
                self.traits.explicit = true;
                factors.push(self.signed_power()?);
                after_slash = false;
            } else if self.take('/') {
                self.traits.operation = true;
                let under = self.signed_power()?;
                // 1/2mv² is half of mv², a/bc may be one or the other.
                after_slash = !(last_is_number && matches!(under, Expression::Number(_)));
                factors.push(Expression::Reciprocal(Box::new(under)));
            } else if self.take(':') {
                factors.push(Expression::Reciprocal(Box::new(self.signed_power()?)));
                after_slash = true;
            } else if self.take('分') {
                let under = factors.pop()?;
                self.traits.telling = true;
                factors.push(self.signed_power()?);
                factors.push(Expression::Reciprocal(Box::new(under)));
            } else if self.begins_factor() {
                let number = matches!(self.peek(), Some(Token::Number(_)));
                let root = matches!(self.peek(), Some(Token::Sign('√')));
                if number {
                    return None;
                }
                self.traits.doubtful |= after_slash;
                let letters = matches!(self.peek(), Some(Token::Symbol(_)))
                    && matches!(factors.last(), Some(Expression::Symbol(_)));
                self.traits.run |= letters;
                // 2n and 2π, but 4P and 3NF are names.
                let variable =
                    matches!(self.peek(), Some(Token::Symbol(name)) if !name.starts_with(char::is_uppercase));
                self.traits.telling |= root || last_is_number && variable;
                let factor = self.power()?;
                // abs(x) is a name, not a product.
                if letters && matches!(&factor, Expression::Applied(name, _) if name.starts_with(char::is_alphabetic)) {
                    return None;
                }
                factors.push(factor);
            } else {
                break;
            }
            last_is_number = matches!(factors.last(), Some(Expression::Number(_)));
        }
        Some(if factors.len() == 1 { factors.remove(0) } else { Expression::Product(factors) })
    }

    fn begins_factor(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Number(_) | Token::Symbol(_) | Token::Sign('(' | '√' | '⁄' | '∞' | '△' | '∠'))
        ) || self.peek().is_some_and(is_function)
    }

    fn signed_power(&mut self) -> Option<Expression> {
        if self.take('-') { Some(Expression::Negative(Box::new(self.power()?))) } else { self.power() }
    }

    fn power(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > 40 {
            return None;
        }
        let mut base = self.base()?;
        loop {
            if self.take('^') {
                self.traits.telling = true;
                let exponent = if self.take('{') { self.until('}')? } else { self.signed_base()? };
                base = Expression::Power(Box::new(base), Box::new(exponent));
            } else if let Some(sign) = self.take_any("!'%°") {
                self.traits.telling = true;
                // f'(x) is another function of x than f.
                base = Expression::Applied(sign.to_string(), vec![base]);
                if sign == '\'' && self.take('(') {
                    let mut parts = self.parts()?;
                    self.take(')').then_some(())?;
                    parts.insert(0, base);
                    base = Expression::Applied("of".to_string(), parts);
                }
            } else {
                break;
            }
        }
        self.depth -= 1;
        Some(base)
    }

    fn signed_base(&mut self) -> Option<Expression> {
        if self.take('-') { Some(Expression::Negative(Box::new(self.base()?))) } else { self.base() }
    }

    fn until(&mut self, close: char) -> Option<Expression> {
        let inside = self.sum()?;
        self.take(close).then_some(inside)
    }

    fn parts(&mut self) -> Option<Vec<Expression>> {
        let mut parts = vec![self.sum()?];
        while self.take(',') {
            parts.push(self.sum()?);
        }
        Some(parts)
    }

    fn base(&mut self) -> Option<Expression> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Number(digits) => Some(Expression::Number(digits)),
            Token::Symbol(name) => self.symbol(name),
            Token::Name(name) if is_function(&Token::Name(name.clone())) => self.function(name),
            Token::Name(name) => {
                self.traits.named = true;
                Some(Expression::Symbol(name))
            }
            Token::Sign('∞') => Some(Expression::Symbol("∞".to_string())),
            Token::Sign(sign @ ('△' | '∠')) => Some(Expression::Symbol(sign.to_string())),
            Token::Sign('√') => {
                self.traits.telling = true;
                let under = if self.take('{') { self.until('}')? } else { self.base()? };
                Some(Expression::root(under))
            }
            Token::Sign('⁄') => {
                self.traits.telling = true;
                let mut part = || -> Option<Expression> {
                    self.take('{').then_some(())?;
                    self.until('}')
                };
                let (over, under) = (part()?, part()?);
                Some(Expression::Product(vec![over, Expression::Reciprocal(Box::new(under))]))
            }
            Token::Sign('|') => {
                self.traits.telling = true;
                let inside = self.until('|')?;
                Some(Expression::Applied("|".to_string(), vec![inside]))
            }
            Token::Sign(open @ ('(' | '[' | '{')) => self.brackets(open),
            _ => None,
        }
    }

    /// A letter; with an argument in brackets it is a function.
    fn symbol(&mut self, name: String) -> Option<Expression> {
        let start = self.at;
        if self.take('(') {
            let traits = self.traits;
            if let Some(parts) = self.parts()
                && self.take(')')
                && !(parts.len() == 1 && matches!(parts[0], Expression::Sum(_)))
            {
                self.traits.telling = true;
                return Some(Expression::Applied(name, parts));
            }
            (self.at, self.traits) = (start, traits);
        }
        Some(Expression::Symbol(name))
    }

    fn function(&mut self, name: String) -> Option<Expression> {
        self.traits.telling = true;
        let power = if self.take('^') { Some(self.signed_base()?) } else { None };
        let argument = match self.peek()? {
            Token::Sign('{') => {
                self.at += 1;
                self.until('}')?
            }
            Token::Sign('(') => self.power()?,
            _ => self.argument()?,
        };
        let applied = match name.as_str() {
            "sqrt" => Expression::root(argument),
            "det" => Expression::Applied("|".to_string(), vec![argument]),
            _ => Expression::Applied(name, vec![argument]),
        };
        Some(match power {
            Some(power) => Expression::Power(Box::new(applied), Box::new(power)),
            None => applied,
        })
    }

    /// What follows a function without brackets: sin2x, logn.
    fn argument(&mut self) -> Option<Expression> {
        let mut factors = vec![self.signed_power()?];
        while matches!(self.peek(), Some(Token::Symbol(_))) {
            factors.push(self.power()?);
        }
        Some(if factors.len() == 1 { factors.remove(0) } else { Expression::Product(factors) })
    }

    /// Brackets around one expression only group it; around several they are an interval, a point or a set.
    fn brackets(&mut self, open: char) -> Option<Expression> {
        if open == '{' {
            return self.set();
        }
        let parts = self.parts()?;
        let close = self.take_any(")]")?;
        if parts.len() == 1 {
            return ((open == '(') == (close == ')')).then(|| parts.into_iter().next()).flatten();
        }
        self.traits.telling = true;
        Some(Expression::Applied(format!("{open}{close}"), parts))
    }

    fn set(&mut self) -> Option<Expression> {
        self.traits.telling = true;
        let start = self.at;
        if let Some(Token::Symbol(name)) = self.peek().cloned() {
            self.at += 1;
            if self.take_any("|:").is_some() {
                let relation = self.relation()?;
                self.take('}').then_some(())?;
                let mut parts = vec![Expression::Symbol(name)];
                let signs: String = relation.oriented().signs.iter().collect();
                parts.extend(relation.oriented().sides);
                return Some(Expression::Applied(format!("{{{signs}}}"), parts));
            }
            self.at = start;
        }
        let mut parts = self.parts()?;
        self.take('}').then_some(())?;
        parts.sort_by_key(Expression::canonical);
        Some(Expression::Applied("{}".to_string(), parts))
    }
}

impl Relation {
    /// With the smaller side first.
    pub(super) fn oriented(&self) -> Relation {
        let flipped = |sign: &char| match sign {
            '>' => '<',
            '≥' => '≤',
            '⊃' => '⊂',
            other => *other,
        };
        if !self.signs.is_empty() && self.signs.iter().all(|sign| matches!(sign, '>' | '≥' | '⊃')) {
            return Relation {
                sides: self.sides.iter().rev().cloned().collect(),
                signs: self.signs.iter().rev().map(flipped).collect(),
            };
        }
        self.clone()
    }

    pub(super) fn canonical(&self) -> String {
        let oriented = self.oriented();
        let mut text = oriented.sides[0].canonical();
        for (sign, side) in oriented.signs.iter().zip(&oriented.sides[1..]) {
            text.push(*sign);
            text.push_str(&side.canonical());
        }
        text
    }
}
