//! What is known of each feature, in one piece of memory: a list for each would cost more than what is in it.

/// Lists by feature.
pub(super) struct Postings<T> {
    /// Where the list of each feature begins, and after the last, where it ends.
    starts: Box<[u32]>,
    all: Box<[T]>,
}

impl<T> Default for Postings<T> {
    fn default() -> Self {
        Self { starts: Box::default(), all: Box::default() }
    }
}

impl<T> Postings<T> {
    /// Of pairs of a feature below `features` and what is known of it; the order within a feature stays.
    pub(super) fn new(mut pairs: Vec<(u32, T)>, features: usize) -> Self {
        pairs.sort_by_key(|(feature, _)| *feature);
        let mut starts = vec![0; features + 1];
        pairs.iter().for_each(|(feature, _)| starts[*feature as usize + 1] += 1);
        for feature in 0..features {
            starts[feature + 1] += starts[feature];
        }
        Self { starts: starts.into(), all: pairs.into_iter().map(|(_, known)| known).collect() }
    }

    /// What is known of a feature.
    pub(super) fn of(&self, feature: u32) -> &[T] {
        let from = feature as usize;
        &self.all[self.starts[from] as usize..self.starts[from + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_has_its_own_in_order() {
        let postings = Postings::new(vec![(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd')], 5);
        let lists: Vec<String> = (0..5).map(|feature| postings.of(feature).iter().collect()).collect();
        assert_eq!(lists, ["b", "", "ac", "d", ""]);
    }
}
