//! Joining a class by its code: a student on the roster claims their account, or comes in where the class is open.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::{Class, in_class};
use crate::store::person::{self, Actor, NewPerson, Person, Role};
use crate::store::roster::{is_same_name, login_of, presence};
use crate::store::session::{self, NewSession};
use crate::store::sign_in::{self, Reserved};
use crate::{execute, on, on_tx};

/// What a number and a name amount to in a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The roster has them, and nobody has chosen a password yet.
    Activate(Uuid),
    /// Nobody has this number and the class is open.
    Newcomer,
    /// Nothing that may be told apart by a stranger: wrong name, no such number, activated already, or a closed class.
    Refused,
}

/// Looks up who somebody with the class code says they are.
pub async fn look_up(db: &Db, class: &Class, number: &str, name: &str) -> Result<Claim> {
    let login = login_of(number.trim());
    let found: Option<(Uuid, String, String, bool, bool)> = on!(db, |c| sqlx::query_as(
        "select p.id, p.name, p.role, p.password_hash is not null or p.disabled_at is not null,
                exists (select 1 from membership m where m.class_id = $2 and m.person_id = p.id
                        and m.role = 'student' and m.left_at is null)
         from person p where p.login = $1",
    )
    .bind(&login)
    .bind(class.id)
    .fetch_optional(c)
    .await)?;
    Ok(match found {
        Some((id, known, role, taken, present)) => {
            let fits = role == "student" && !taken && present && is_same_name(&known, name);
            if fits && class.join_rule != "closed" { Claim::Activate(id) } else { Claim::Refused }
        }
        None if class.join_rule == "open" => Claim::Newcomer,
        None => Claim::Refused,
    })
}

/// Gives a claimed account its first password, or creates the newcomer's, and opens a session.
///
/// # Errors
/// A conflict when somebody else was first.
pub async fn claim(
    db: &Db,
    class: &Class,
    claim: Claim,
    newcomer: NewPerson,
    mut session: NewSession,
    reserved: Reserved,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let class_id = class.id;
    db.write(move |tx| {
        Box::pin(async move {
            let hash = newcomer.password_hash.clone();
            let (id, action) = match claim {
                Claim::Refused => return Err(Error::NotFound),
                Claim::Activate(id) => {
                    let done = execute!(
                        tx,
                        "update person set password_hash = $2 where id = $1 and password_hash is null and disabled_at is null",
                        id,
                        hash,
                    )?;
                    if done == 0 {
                        return Err(Error::conflict("join-refused"));
                    }
                    (id, "account.activate")
                }
                Claim::Newcomer => {
                    let id = person::create_in(tx, &newcomer, now).await.map_err(|_| Error::conflict("join-refused"))?;
                    presence::enrol(tx, class_id, id, Some(newcomer.login.clone()), "code", now).await?;
                    (id, "class.join")
                }
            };
            execute!(tx, "delete from activation where person_id = $1 and used_at is null", id)?;
            sign_in::succeeded(tx, &reserved, now).await?;
            session.person.id = id;
            session.person.role = Role::Student;
            session::open_in(tx, &session, now).await?;
            let actor = Actor { id, address: session.address.clone() };
            audit::record(tx, in_class(&actor, now, class_id, action, id)).await?;
            Ok(id)
        })
    })
    .await
}

/// A signed-in student comes into another class: by the roster, where they are already, or because it is open.
///
/// # Errors
/// Refused when the class does not take them.
pub async fn join_as(db: &Db, person: &Person, class: &Class, address: String, now: DateTime<Utc>) -> Result<()> {
    if person.role != Role::Student {
        return Err(Error::invalid("join-students-only"));
    }
    let (class_id, rule) = (class.id, class.join_rule.clone());
    let actor = Actor { id: person.id, address };
    let login = person.login.clone();
    db.write(move |tx| {
        Box::pin(async move {
            tx.lock(&format!("roster:{class_id}")).await?;
            let place: Option<Option<DateTime<Utc>>> = on_tx!(tx, |c| sqlx::query_scalar(
                "select left_at from membership where class_id = $1 and person_id = $2"
            )
            .bind(class_id)
            .bind(actor.id)
            .fetch_optional(c)
            .await)?;
            match place {
                Some(None) => Ok(()),
                // Whom a teacher marked as left comes back through a teacher.
                Some(Some(_)) => Err(Error::invalid("join-left")),
                None if rule == "open" => {
                    presence::enrol(tx, class_id, actor.id, Some(login), "code", now).await?;
                    audit::record(tx, in_class(&actor, now, class_id, "class.join", actor.id)).await
                }
                None => Err(Error::invalid("join-not-on-roster")),
            }
        })
    })
    .await
}
