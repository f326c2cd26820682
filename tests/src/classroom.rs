//! A class with a teacher, students and assignments, made through the same functions that the pages use.

use std::collections::HashMap;

use grader::Language;
use server::importing::{self, Importer};
use server::rules::Rules;
use server::store::class::{self, Class, Settings};
use server::store::person::{self, Actor, Person, Role};
use server::store::{give, roster};
use uuid::Uuid;

use crate::Site;

/// A class and its people.
pub struct Classroom {
    /// The class.
    pub class: Class,
    /// Its teacher.
    pub teacher: Person,
    /// Its students, by number: 20260001, 20260002 …
    pub students: Vec<Person>,
}

impl Classroom {
    /// The teacher, as one who changes things.
    pub fn actor(&self) -> Actor {
        Actor { id: self.teacher.id, address: "127.0.0.1".into() }
    }

    /// Puts an assignment file into the class without giving it to the students.
    pub async fn import(&self, site: &Site, source: &str) -> Uuid {
        let importer = Importer { person_id: self.teacher.id, address: "127.0.0.1".into() };
        let answers = HashMap::new();
        let language = Language::English;
        let seen = importing::preview(&site.app, &self.class, source, &answers, language).await;
        let base = seen.expect("the file is fine").current.map(|current| current.fingerprint);
        importing::apply(&site.app, &self.class, source.into(), base, &answers, importer, language)
            .await
            .expect("the import is taken")
            .assignment_id
    }

    /// Puts an assignment file into the class and gives it under these rules.
    pub async fn assign(&self, site: &Site, source: &str, rules: Rules) -> Uuid {
        let id = self.import(site, source).await;
        let now = site.app.clock.now();
        let found = give::find(&site.app.db, self.class.id, id).await.expect("the database answers");
        let seen = found.expect("just imported").assignment.updated_at;
        give::give(&site.app.db, self.actor(), self.class.id, id, rules, seen, now).await.expect("it is given");
        id
    }
}

impl Site {
    /// Founds a class with so many students. Several classes of one site share nobody.
    pub async fn classroom(&self, students: usize) -> Classroom {
        let (db, now) = (&self.app.db, self.app.clock.now());
        let number = person::count(db).await.expect("the database answers");
        let teacher = self.person(Role::Teacher, &format!("teacher{number}"), "教师 A").await;
        let actor = Actor { id: teacher.id, address: "127.0.0.1".into() };
        let settings = Settings {
            course: "network-marketing".into(),
            name: format!("营销 {number} 班"),
            term: "2026 秋".into(),
            join_rule: "roster".into(),
            time_zone: "Asia/Shanghai".into(),
        };
        let id = class::create(db, actor.clone(), settings, now).await.expect("the class is founded");
        let class = class::find(db, id).await.expect("the database answers").expect("just founded");
        let mut people = Vec::with_capacity(students);
        for index in 1..=students {
            let login = format!("2026{number:02}{index:03}");
            let name = format!("学生 {index:02}");
            roster::student::add(db, actor.clone(), id, login.clone(), name, now).await.expect("the number is free");
            let entry = roster::entries(db, id).await.expect("the roster").into_iter().find(|e| e.number == login);
            let entry = entry.expect("just added");
            people.push(person::find(db, entry.person_id).await.expect("the database answers").expect("just added"));
        }
        Classroom { class, teacher, students: people }
    }
}
