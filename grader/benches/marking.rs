//! How many blanks one core marks in a second, over answers as a class gives them: 80 % right (in several ways of writing), 15 % plainly
//! wrong, 5 % merely similar; and the slowest answers there can be.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grader::assignment::{Alternative, Blank, Share, Surroundings};
use grader::mark::{Key, MAX_ANSWER, Verdict, mark_question};

/// The time that this thread had a core, so that a busy machine changes little.
struct CoreTime;

impl CoreTime {
    fn now() -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
    }
}

impl Measurement for CoreTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        CoreTime::now()
    }

    fn end(&self, start: Duration) -> Duration {
        CoreTime::now() - start
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        static WALL: WallTime = WallTime;
        WALL.formatter()
    }
}

/// Key (alternatives between `|`), group, text behind, then answers: right, wrong, similar.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str], &'static str);

/// Questions as a textbook has them; empty lines between them.
const QUESTIONS: &[&[Row]] = &[
    &[
        (
            "营销成本高",
            "a",
            "",
            &["营销成本高", "营销成本高。", "營銷成本高", "营销成本高"],
            &["没有效果", "人太多"],
            "营销的成本高",
        ),
        (
            "沟通成本高",
            "a",
            "",
            &["沟通成本高", "沟通成本高", " 沟通成本高", "沟通成本高"],
            &["管理混乱", "浪费时间"],
            "沟通成本大",
        ),
        (
            "生命周期短",
            "a",
            "",
            &["生命周期短", "生命周期短", "生命周期短", "“生命周期短”"],
            &["没人说话", "容易解散"],
            "生命周期太短",
        ),
        ("活跃度低", "a", "", &["活跃度低", "活跃度低", "活躍度低", "活跃度低"], &["广告多", "不活跃"], "活跃度较低"),
    ],
    &[
        ("客户资源", "", "属于", &["客户资源", "客户资源", "客户资源", "客戶資源"], &["手机号", "员工"], "客户的资源"),
        ("公司|企业", "", "", &["公司", "企业", "公司", "公司。"], &["个人", "员工"], "本公司"),
    ],
    &[
        ("1|一个", "", "微信", &["1", "一个", "1个", "一個"], &["2", "两个"], "一部"),
        ("一个", "", "手机号", &["一个", "1个", "一", "１个"], &["三个", "2"], "1台"),
        ("微信", "", "", &["微信", "微信", "微信。", " 微信"], &["QQ", "手机"], "微信号"),
    ],
    &[
        (
            "企业微信",
            "",
            "的客户群",
            &["企业微信", "企业微信", "企业微信", "企業微信"],
            &["小程序", "公众号"],
            "微信企业",
        ),
        ("500", "", "人", &["500", "500人", "５００", "五百"], &["200", "1000"], "500个"),
    ],
    &[("SQL|结构化查询语言", "", "", &["SQL", "sql", "结构化查询语言", "ＳＱＬ"], &["HTML", "Python"], "SLQ")],
    &[(
        "2019年12月",
        "",
        "",
        &["2019年12月", "2019.12", "2019-12", "2019年12月"],
        &["2018年", "2020年1月"],
        "12月25日",
    )],
    &[
        ("点赞", "b", "", &["点赞", "点赞", "點贊", "点赞"], &["关注", "收藏"], "点攒"),
        ("评论", "b", "", &["评论", "评论", "评论", "评论。"], &["转发", "打赏"], "评轮"),
    ],
];

fn keys(question: &[Row]) -> Vec<Key> {
    let compile = |row: &Row| {
        let key = row.0.split('|').map(|text| Alternative { text: text.to_string(), share: Share::WHOLE }).collect();
        let group = (!row.1.is_empty()).then(|| row.1.to_string());
        let surroundings = Surroundings { after: row.2.to_string(), ..Surroundings::default() };
        Key::compile(&Blank { key, group, surroundings, ..Blank::default() }).expect("a usable key")
    };
    question.iter().map(compile).collect()
}

/// Answer sheets of 100 students to one question: 80 right, 15 wrong, 5 similar in each blank, groups in any order.
fn sheets(question: &[Row]) -> Vec<Vec<&'static str>> {
    (0..100_usize)
        .map(|student| {
            let mut sheet: Vec<&str> = question
                .iter()
                .enumerate()
                .map(|(blank, row)| match (student * 37 + blank * 13) % 100 {
                    right @ 0..80 => row.3[right % row.3.len()],
                    wrong @ 80..95 => row.4[wrong % row.4.len()],
                    _ => row.5,
                })
                .collect();
            if !question[0].1.is_empty() {
                sheet.rotate_left(student % question.len());
            }
            sheet
        })
        .collect()
}

fn mixed_class(criterion: &mut Criterion<CoreTime>) {
    let prepared: Vec<(Vec<Key>, Vec<Vec<&str>>)> =
        QUESTIONS.iter().map(|question| (keys(question), sheets(question))).collect();
    let blanks: usize = prepared.iter().map(|(keys, sheets)| keys.len() * sheets.len()).sum();
    let mut counts = [0_usize; 3];
    for (keys, sheets) in &prepared {
        for mark in sheets.iter().flat_map(|sheet| mark_question(keys, sheet)) {
            counts[match mark.verdict {
                Verdict::Correct => 0,
                Verdict::Review => 1,
                _ => 2,
            }] += 1;
        }
    }
    // The measurement means nothing if the answers are not what they are called.
    assert!(
        counts[0] * 100 >= blanks * 78 && counts[1] * 100 >= blanks * 3 && counts[2] * 100 >= blanks * 12,
        "{counts:?} of {blanks}"
    );

    let mut group = criterion.benchmark_group("marking");
    group.throughput(Throughput::Elements(blanks as u64)).measurement_time(Duration::from_secs(5));
    group.bench_function("a class's answers, 80 % right, 15 % wrong, 5 % similar", |bencher| {
        bencher.iter(|| {
            for (keys, sheets) in &prepared {
                for sheet in sheets {
                    black_box(mark_question(black_box(keys), black_box(sheet)));
                }
            }
        });
    });
    for (name, kind) in [("right", 0), ("wrong", 1), ("similar", 2)] {
        let sheets: Vec<(&Vec<Key>, Vec<Vec<&str>>)> = prepared
            .iter()
            .zip(QUESTIONS)
            .map(|((keys, _), question)| {
                let pick = |row: &Row, turn: usize| match kind {
                    0 => row.3[turn % row.3.len()],
                    1 => row.4[turn % row.4.len()],
                    _ => row.5,
                };
                (keys, (0..4).map(|turn| question.iter().map(|row| pick(row, turn)).collect()).collect())
            })
            .collect();
        let blanks: usize = sheets.iter().map(|(keys, sheets)| keys.len() * sheets.len()).sum();
        group.throughput(Throughput::Elements(blanks as u64));
        group.bench_function(format!("only {name}"), |bencher| {
            bencher.iter(|| {
                for (keys, sheets) in &sheets {
                    for sheet in sheets {
                        black_box(mark_question(black_box(keys), black_box(sheet)));
                    }
                }
            });
        });
    }
    group.finish();
}

fn longest_answers(criterion: &mut Criterion<CoreTime>) {
    let keys = keys(&[("数据库管理系统|100元", "", "的作用", &[], &[], "")]);
    let repeat = |text: &str| text.chars().cycle().take(MAX_ANSWER).collect::<String>();
    let answers = [
        ("characters", repeat("数据库管理系统")),
        ("traditional", repeat("數據庫管理系統、")),
        ("numerals", repeat("一二三四五六七八九十百千万")),
        ("figures", repeat("1,000")),
        ("punctuation", repeat("“、。》（")),
        ("list", repeat("数据库/")),
        ("brackets", format!("{}{}", "(".repeat(MAX_ANSWER / 2), ")".repeat(MAX_ANSWER / 2))),
        ("combining", repeat("a\u{301}")),
        ("spaces", repeat("a  ")),
    ];
    let mut group = criterion.benchmark_group("1,000 characters");
    group.measurement_time(Duration::from_secs(1)).warm_up_time(Duration::from_millis(300));
    for (name, answer) in &answers {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(mark_question(black_box(&keys), black_box(&[answer.as_str()]))))
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CoreTime);
    targets = mixed_class, longest_answers
}
criterion_main!(benches);
