//! Raised and lowered characters, which compatibility folding would flatten into a different meaning (10² is not 102).

use super::character::Chars;

/// Whether it is a raised or lowered digit, sign or letter.
pub(super) fn is_scripted(character: char) -> bool {
    raised(character).or_else(|| lowered(character)).is_some() || square_unit(character).is_some()
}

pub(super) fn raised(character: char) -> Option<char> {
    Some(match character {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(character as u32 - 0x2070, 10)?,
        '⁺' => '+',
        '⁻' => '-',
        '⁽' => '(',
        '⁾' => ')',
        'ⁿ' => 'n',
        'ⁱ' => 'i',
        _ => return None,
    })
}

pub(super) fn lowered(character: char) -> Option<char> {
    Some(match character {
        '₀'..='₉' => char::from_digit(character as u32 - 0x2080, 10)?,
        '₊' => '+',
        '₋' => '-',
        'ₙ' => 'n',
        'ₓ' => 'x',
        'ₐ' => 'a',
        'ₑ' => 'e',
        'ᵢ' => 'i',
        'ⱼ' => 'j',
        _ => return None,
    })
}

fn square_unit(character: char) -> Option<&'static str> {
    Some(match character {
        '㎟' => "mm^2",
        '㎠' => "cm^2",
        '㎡' => "m^2",
        '㎢' => "km^2",
        '㎣' => "mm^3",
        '㎤' => "cm^3",
        '㎥' => "m^3",
        '㎦' => "km^3",
        _ => return None,
    })
}

/// Writes raised characters as `^2`, lowered ones as in a typed formula (`h2o`), charges as typed (`ca2+`).
pub(super) fn spell_out(characters: &mut Chars) {
    let source = std::mem::take(characters);
    let mut at = 0;
    while at < source.len() {
        if let Some(unit) = square_unit(source[at]) {
            characters.extend(unit.chars());
            at += 1;
            continue;
        }
        let run = |of: fn(char) -> Option<char>| source[at..].iter().map_while(|&c| of(c)).collect::<Chars>();
        let up = run(raised);
        let down = run(lowered);
        let before = characters.last().copied().unwrap_or(' ');
        if !up.is_empty() {
            let charge = matches!(up.last(), Some('+' | '-')) && (before.is_ascii_alphanumeric() || before == ')');
            if !charge {
                characters.push('^');
            }
            at += up.len();
            characters.extend(up);
        } else if !down.is_empty() {
            let formula = before.is_ascii_alphabetic() || before == ')';
            let runs_into_digit = source.get(at + down.len()).is_some_and(char::is_ascii_digit);
            if !formula || runs_into_digit {
                characters.push('_');
            }
            at += down.len();
            characters.extend(down);
        } else {
            characters.push(source[at]);
            at += 1;
        }
    }
}
