//! Whole formulas held against each other.

use super::Comparison;
use super::expression::Expression;
use super::parse::{self, Joined, Relation, Traits};
use super::token::{Token, tokens};

/// A formula: relations that hold together or of which one holds.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    relations: Vec<Relation>,
    joined: Joined,
    traits: Traits,
    /// Its letters, figures and signs without those that only place them higher or lower.
    flat: String,
}

/// How often two formulas are worked out.
const TRIALS: u32 = 4;

impl Statement {
    pub(super) fn read(text: &str) -> Option<Statement> {
        let tokens = tokens(text)?;
        let statement = parse::statement(&tokens)?;
        Some(Statement {
            relations: spread(&statement.relations),
            joined: statement.joined,
            traits: statement.traits,
            flat: flatten(&tokens),
        })
    }

    /// Whether it can be nothing but a formula.
    pub(super) fn is_telling(&self) -> bool {
        let Traits { telling, operation, run, named, explicit, .. } = self.traits;
        (telling || operation && !run && !self.symbols().is_empty()) && (explicit || !named)
    }

    fn canonical(&self) -> Vec<String> {
        let mut all: Vec<String> = self.relations.iter().map(Relation::canonical).collect();
        all.sort();
        all
    }

    /// A side that was left out, as in `≥1`, is the letter that the key has there.
    fn named_after(&self, own: &Statement) -> Statement {
        let name = own.relations[0].sides[0].clone();
        let mut named = self.clone();
        if matches!(name, Expression::Symbol(_)) {
            let unnamed = Expression::Symbol(String::new());
            let sides = named.relations.iter_mut().map(|relation| &mut relation.sides[0]);
            sides.filter(|side| **side == unnamed).for_each(|side| *side = name.clone());
        }
        named
    }

    fn symbols(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.relations.iter().flat_map(|relation| &relation.sides).for_each(|side| side.symbols(&mut all));
        all.sort();
        all.dedup();
        all
    }
}

fn flatten(tokens: &[Token]) -> String {
    let (mut flat, mut raised) = (String::new(), false);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '{') if at > 0 && tokens[at - 1] == Token::Sign('^') => raised = true,
            Token::Sign(')' | '}') if raised => raised = false,
            Token::Sign('*' | '^') => {}
            Token::Sign(sign) => flat.push(*sign),
            Token::Number(text) | Token::Name(text) | Token::Symbol(text) => {
                flat.extend(text.chars().filter(|c| *c != '_'));
            }
        }
    }
    flat
}

/// `x=2或3` with its left side repeated, and ±2 as the two numbers it is.
fn spread(relations: &[Relation]) -> Vec<Relation> {
    let mut all: Vec<Relation> = Vec::new();
    for relation in relations {
        let mut relation = relation.clone();
        if relation.signs.is_empty()
            && let Some(first) = relations.first().filter(|first| first.signs == ['='])
        {
            relation.signs.push('=');
            relation.sides.insert(0, first.sides[0].clone());
        }
        match relation.sides.last() {
            Some(Expression::Applied(sign, of)) if sign == "±" => {
                let negative = Expression::Negative(Box::new(of[0].clone()));
                for side in [of[0].clone(), negative] {
                    let mut one = relation.clone();
                    *one.sides.last_mut().expect("there is a side") = side;
                    all.push(one);
                }
            }
            _ => all.push(relation),
        }
    }
    all
}

/// Holds an answer against a key; `None` if the answer is rather a word.
pub(super) fn compare_statements(own: &Statement, given: &Statement) -> Option<Comparison> {
    let compared = compare(own, &given.named_after(own));
    let is_formula = given.traits.telling || given.traits.operation || given.traits.run;
    (compared != Comparison::Other || is_formula).then_some(compared)
}

fn compare(own: &Statement, given: &Statement) -> Comparison {
    let (own_all, given_all) = (own.canonical(), given.canonical());
    if own.relations.len() > 1 && given.relations.len() > 1 && own.joined != given.joined {
        return if own_all == given_all { Comparison::Unclear } else { Comparison::Other };
    }
    let unclear = own.traits.doubtful != given.traits.doubtful;
    if own_all == given_all {
        return if unclear { Comparison::Unclear } else { Comparison::Equal };
    }
    // x2 may be meant as x², an as aₙ, 0 as O.
    let alike = |flat: &str| flat.chars().map(|c| if matches!(c, 'o' | 'O') { '0' } else { c }).collect::<String>();
    if unclear || alike(&own.flat) == alike(&given.flat) {
        return Comparison::Unclear;
    }
    match (own.relations.as_slice(), given.relations.as_slice()) {
        ([one], [other]) => compare_relations(one, other).unwrap_or_else(|| by_symbols(own, given)),
        (many, others) => compare_lists(many, others).unwrap_or_else(|| by_symbols(own, given)),
    }
}

/// Where nothing can be worked out: the same letters may be the same thing.
fn by_symbols(own: &Statement, given: &Statement) -> Comparison {
    let (one, other) = (own.symbols(), given.symbols());
    let shared = one.iter().all(|symbol| other.contains(symbol));
    if shared { Comparison::Apart } else { Comparison::Other }
}

fn compare_relations(own: &Relation, given: &Relation) -> Option<Comparison> {
    if let ([a, b], [c, d]) = (own.sides.as_slice(), given.sides.as_slice()) {
        let straight = [same_value(a, c), same_value(b, d)];
        let crosswise = [same_value(a, d), same_value(b, c)];
        return match (straight, crosswise) {
            ([true, true], _) if own.signs == given.signs => Some(Comparison::SameValue),
            (_, [true, true]) if own.oriented().signs == given.oriented().signs && own.signs != given.signs => {
                Some(Comparison::SameValue)
            }
            // An equation may be turned around or solved for another letter; with one side as it was it is another equation.
            (_, [true, true]) if own.signs == ['='] && given.signs == ['='] => None,
            ([false, false], [false, false]) => None,
            _ => Some(Comparison::Other),
        };
    }
    let (own, given) = (own.oriented(), given.oriented());
    if own.sides.len() != given.sides.len() {
        return None;
    }
    if own.signs.is_empty() {
        let same = same_value(&own.sides[0], &given.sides[0]);
        return Some(if same { Comparison::SameValue } else { Comparison::Other });
    }
    let same: Vec<bool> = own.sides.iter().zip(&given.sides).map(|(one, other)| same_value(one, other)).collect();
    let all = same.iter().all(|same| *same);
    let none = !same.iter().any(|same| *same);
    match own.signs == given.signs {
        true if all => Some(Comparison::SameValue),
        true if none && own.signs.contains(&'=') => None,
        true => Some(Comparison::Other),
        false if all || !none => Some(Comparison::Other),
        false => None,
    }
}

/// Several values in any order; with indices x₁ and x₂ may be exchanged.
fn compare_lists(own: &[Relation], given: &[Relation]) -> Option<Comparison> {
    let values = |relations: &[Relation]| -> Option<Vec<Expression>> {
        relations
            .iter()
            .map(|relation| match (relation.sides.as_slice(), relation.signs.as_slice()) {
                ([value], []) => Some(value.clone()),
                ([Expression::Symbol(_), value], ['=']) => Some(value.clone()),
                _ => None,
            })
            .collect()
    };
    let (own_values, given_values) = (values(own)?, values(given)?);
    if own_values.len() != given_values.len() {
        return Some(Comparison::Other);
    }
    let sorted = |values: &[Expression]| {
        let mut all: Vec<String> = values.iter().map(Expression::canonical).collect();
        all.sort();
        all
    };
    if sorted(&own_values) == sorted(&given_values) {
        let letter = |relations: &[Relation]| {
            let mut letters = relations
                .iter()
                .filter(|relation| relation.signs == ['='])
                .map(|relation| relation.sides[0].canonical());
            let first = letters.next();
            letters.all(|letter| Some(&letter) == first.as_ref()).then_some(first)
        };
        // 2或3 says enough where x is the only letter.
        return Some(match (letter(own), letter(given)) {
            (Some(_), Some(None)) => Comparison::Equal,
            _ => Comparison::Unclear,
        });
    }
    let mut left: Vec<&Expression> = given_values.iter().collect();
    let all = own_values.iter().all(|value| {
        let found = left.iter().position(|other| same_value(value, other));
        found.map(|at| left.remove(at)).is_some()
    });
    Some(if all { Comparison::SameValue } else { Comparison::Other })
}

/// Whether both come out alike for all numbers that were tried.
fn same_value(one: &Expression, other: &Expression) -> bool {
    (0..TRIALS).all(|trial| {
        let (a, b) = (one.value(trial), other.value(trial));
        // What cannot be worked out is not known to differ.
        !a.is_finite() || !b.is_finite() || (a - b).abs() <= 1e-7 * (a.abs() + b.abs() + 1e-9)
    })
}
