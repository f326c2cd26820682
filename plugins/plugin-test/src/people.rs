//! Who is in the classes of a test.

use plugin_protocol::context::{Class, Person};
use uuid::Uuid;

/// The class in which everything happens.
pub const CLASS: Uuid = Uuid::from_u128(0x1000);
/// The class of [`TestHost::in_other_class`](crate::TestHost::in_other_class).
pub const OTHER_CLASS: Uuid = Uuid::from_u128(0x2000);
/// The class of [`TestHost::in_archived_class`](crate::TestHost::in_archived_class), which is read only.
pub const ARCHIVED_CLASS: Uuid = Uuid::from_u128(0x4000);
/// The teacher of all.
pub const TEACHER: Uuid = Uuid::from_u128(0x3000);
/// How many students each has.
pub const STUDENTS: u32 = 5;
/// The student who runs the public account.
pub const OPERATOR: u32 = 5;

pub(crate) fn class(id: Uuid) -> Class {
    let (name, term) = match id {
        CLASS => ("营销 2401 班", "2026 秋"),
        ARCHIVED_CLASS => ("营销 2301 班", "2025 秋"),
        _ => ("营销 2402 班", "2026 秋"),
    };
    let archived = id == ARCHIVED_CLASS;
    Class { id, name: name.into(), term: term.into(), time_zone: "Asia/Shanghai".into(), archived }
}

pub(crate) fn teacher() -> Person {
    Person { id: TEACHER, name: "王老师".into(), role: "teacher".into(), number: None, posts: Vec::new() }
}

/// The student with this number, from 1 on.
pub(crate) fn student(class: Uuid, number: u32) -> Person {
    assert!((1..=STUDENTS).contains(&number), "the class has the students 1 to {STUDENTS}, not {number}");
    let posts = if number == OPERATOR { vec!["operator".into()] } else { Vec::new() };
    Person {
        id: Uuid::from_u128(class.as_u128() + u128::from(number)),
        name: format!("学生 {number:02}"),
        role: "student".into(),
        number: Some(format!("20240100{number}")),
        posts,
    }
}

/// The name of a person; of somebody from elsewhere, the id.
pub(crate) fn name(person: Uuid) -> String {
    let mut all = [CLASS, OTHER_CLASS, ARCHIVED_CLASS].into_iter().flat_map(roster);
    all.find(|known| known.id == person).map_or_else(|| person.to_string(), |known| known.name)
}

pub(crate) fn roster(class: Uuid) -> Vec<Person> {
    std::iter::once(teacher()).chain((1..=STUDENTS).map(|number| student(class, number))).collect()
}
