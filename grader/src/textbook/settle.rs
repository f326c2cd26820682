//! Settles with the book's help which doubtful places of a question are blanks.

use super::align::{Budget, Candidate, Edge, candidates};
use super::book::Book;
use super::draft::Draft;
use super::gaps::{Certainty, Gap, Piece};

/// What was decided about a place that might be a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It looked like a blank, and the book has the words without one.
    BookHasNothing,
    /// It did not look like one, and the book has words there.
    BookHasWords,
    /// Taken as what it looks like.
    Kept,
}

/// What preparing one comparison costs, in table cells.
const COST: u64 = 4_000;

/// So many pieces on each side of a place are looked at.
const WINDOW: usize = 160;

/// Settles the places of a question that may or may not be blanks, with the help of the book.
pub(super) fn settle(pieces: Vec<Piece>, book: &Book<'_>, budget: &mut Budget) -> (Vec<Piece>, Vec<(Gap, Decision)>) {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Gap(gap) if gap.certainty != Certainty::Sure)) {
        return (pieces, Vec::new());
    }
    let doubtful = |piece: &Piece| matches!(piece, Piece::Gap(gap) if gap.certainty < Certainty::Likely);
    let mut settled = Vec::with_capacity(pieces.len());
    let mut decisions = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Gap(gap) = *piece else {
            settled.push(*piece);
            continue;
        };
        if gap.certainty == Certainty::Sure {
            settled.push(*piece);
            continue;
        }
        // The work on a place that is not worth comparing: as it looks.
        if !budget.take(COST) {
            if gap.certainty >= Certainty::Likely {
                settled.push(*piece);
            }
            continue;
        }
        // The other doubtful places are left out meanwhile.
        let window = &pieces[at.saturating_sub(WINDOW)..pieces.len().min(at + WINDOW)];
        let here = at.min(WINDOW);
        let before: Vec<Piece> = window[..here].iter().filter(|piece| !doubtful(piece)).copied().collect();
        let blank = before.iter().filter(|piece| matches!(piece, Piece::Gap(_))).count();
        let rest = window[here + 1..].iter().filter(|piece| !doubtful(piece));
        let draft = Draft::new(&before.iter().chain(std::iter::once(piece)).chain(rest).copied().collect::<Vec<_>>());
        let token = draft.gaps[blank];
        let found = candidates(book, &draft.tokens, token, true, budget);
        let best = |empty: bool| {
            found.iter().filter(|c| (c.from == c.to) == empty && is_firm(c)).map(Candidate::total).fold(0.0, f64::max)
        };
        let (empty, filled) = (best(true), best(false));
        let joined = found.iter().filter(|c| c.from == c.to).map(Candidate::total).fold(empty, f64::max);
        let (stays, decision) = match gap.certainty {
            Certainty::Unseen if filled >= 12.0 && filled > empty + 2.0 => (true, Decision::BookHasWords),
            Certainty::Unseen => continue,
            Certainty::Unlikely if filled >= 9.0 && filled > empty + 1.0 => (true, Decision::BookHasWords),
            Certainty::Doubtful if filled >= 5.0 && filled > joined + 1.0 => (true, Decision::BookHasWords),
            Certainty::Unlikely | Certainty::Doubtful => (false, Decision::Kept),
            _ if empty >= 6.0 && empty > filled + 0.5 => (false, Decision::BookHasNothing),
            _ => (true, Decision::Kept),
        };
        if stays {
            settled.push(*piece);
        }
        decisions.push((gap, decision));
    }
    (settled, decisions)
}

/// Whether words meet the blank on both sides, or many on one and an end on the other.
fn is_firm(candidate: &Candidate) -> bool {
    match (candidate.left_edge, candidate.right_edge) {
        (Edge::Words(left), Edge::Words(right)) => left + right >= 4,
        (Edge::Words(words), Edge::End) | (Edge::End, Edge::Words(words)) => words >= 5,
        (Edge::Words(words), Edge::Separator) | (Edge::Separator, Edge::Words(words)) => words >= 2,
        _ => false,
    }
}
