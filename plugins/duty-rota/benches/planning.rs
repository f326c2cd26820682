//! How long a plan of a semester takes: 40 students, 112 days, two posts, clashes; and the repair after an absence.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use duty_rota::planning::{Block, plan, repair};

#[path = "../tests/semester/mod.rs"]
mod semester;

fn planning(criterion: &mut Criterion) {
    let semesters: Vec<_> = (0..20).map(semester::random).collect();
    let mut next = semesters.iter().cycle();
    criterion.bench_function("plan of 40 students, 112 days, 2 posts", |bencher| {
        bencher.iter(|| next.next().map(|semester| black_box(plan(semester))));
    });
    let mut away = semester::random(1);
    let planned = plan(&away);
    if let Some(absent) = planned.holders[100] {
        away.people[absent].blocked[50] = Some(Block::Away);
    }
    criterion.bench_function("repair after one absence", |bencher| {
        bencher.iter(|| black_box(repair(&away, &planned, &[100])));
    });
}

criterion_group!(benches, planning);
criterion_main!(benches);
