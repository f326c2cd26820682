//! Chance that is the same every time: the same figures give the same forecast, whoever looks and whenever.

/// SplitMix64, kept here so that no new version of a library ever changes a forecast.
pub struct Random(u64);

impl Random {
    /// The chance that belongs to a number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 on, below 1.
    pub fn unit(&mut self) -> f64 {
        // 53 bits are what a float holds exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From the normal distribution, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let (first, second) = (1.0 - self.unit(), self.unit());
        (-2.0 * first.ln()).sqrt() * (std::f64::consts::TAU * second).cos()
    }

    /// One of so many, counted from 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
