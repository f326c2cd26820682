//! Random semesters as a class has them: evening courses, private days, some who join late, weekends and holidays.

#![allow(missing_docs, dead_code)]

use duty_rota::planning::{Block, Day, Helper, POINT, Semester};

pub const STUDENTS: usize = 40;
pub const DAYS: i32 = 112;
pub const GAP: i32 = 5;

/// Numbers that look like chance.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}

/// A semester of 40 students, 112 days and two posts.
pub fn random(seed: u64) -> Semester {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let holidays: Vec<i32> = (0..5).map(|_| chance.below(112) as i32).collect();
    let day = |number: i32| {
        let weight = match number {
            _ if holidays.contains(&number) => 2 * POINT,
            _ if number % 7 >= 5 => POINT * 3 / 2,
            _ => POINT,
        };
        Day { number, weight }
    };
    let people = (0..STUDENTS).map(|person| {
        // One or two evenings of the week with a course, in the first or the second half or both.
        let courses: Vec<(i32, i32, i32)> = (0..1 + chance.below(2))
            .map(|_| {
                let (from, until) = [(0, 56), (56, 112), (0, 112)][chance.below(3) as usize];
                (chance.below(5) as i32, from, until)
            })
            .collect();
        let away: Vec<i32> = (0..6).map(|_| chance.below(112) as i32).collect();
        let blocked = (0..DAYS).map(|number| {
            let has_course = courses
                .iter()
                .any(|(weekday, from, until)| number % 7 == *weekday && (*from..*until).contains(&number));
            if has_course { Some(Block::Course) } else { away.contains(&number).then_some(Block::Away) }
        });
        let from = if person >= STUDENTS - 4 { 14 + chance.below(30) as i32 } else { 0 };
        Helper { from, blocked: blocked.collect(), key: person as u64 }
    });
    let people = people.collect();
    Semester { days: (0..DAYS).map(day).collect(), posts: 2, people, gap: GAP, fixed: Vec::new(), seed }
}
