//! One-time codes: the link for the first administrator, slips that activate a student's account, links and slips for a
//! new password. A code is shown once; only its hash is stored.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::secret::{code_hash, grouped, random_code};
use crate::store::audit;
use crate::store::person::{self, Actor, NewPerson, Person, Role};
use crate::store::session::{self, NewSession};
use crate::{execute, on, on_tx};

/// How long the link for the first administrator works.
pub const SETUP_LIFE: TimeDelta = TimeDelta::hours(1);
/// How long a student's slip works: two weeks, so that it may be handed out in the next lesson.
pub const SLIP_LIFE: TimeDelta = TimeDelta::days(14);
/// How long a link for a new password works.
pub const LINK_LIFE: TimeDelta = TimeDelta::days(3);
/// Characters of a slip's code: 30^16 is more than 2^78.
const CODE_LENGTH: usize = 16;

/// A code that may be used: whose it is and for what.
#[derive(Clone, Debug, FromRow)]
pub struct Usable {
    /// Whether the account has a password already, so that a new one is set.
    pub activated: bool,
    /// When the code stops working.
    pub expires_at: DateTime<Utc>,
    /// Whose account.
    #[sqlx(flatten)]
    pub person: Person,
}

/// A printed slip.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Name on the roster.
    pub name: String,
    /// Number on the roster.
    pub number: String,
    /// The code in groups of four.
    pub code: String,
}

/// The path of the link for the first administrator; `None` once there is a person.
pub async fn setup_link(db: &Db, now: DateTime<Utc>) -> Result<Option<String>> {
    if person::count(db).await? > 0 {
        return Ok(None);
    }
    // 30^28 is more than 2^137.
    let code = random_code(28);
    let hash = code_hash(&code);
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "insert into activation (id, code_hash, purpose, created_at, expires_at) values ($1, $2, 'setup', $3, $4)",
                Uuid::now_v7(),
                hash,
                now,
                now + SETUP_LIFE,
            )?;
            Ok(())
        })
    })
    .await?;
    Ok(Some(format!("/setup/{code}")))
}

/// Whether a link for the first administrator works.
pub async fn is_setup_open(db: &Db, code: &str, now: DateTime<Utc>) -> Result<bool> {
    let open: i64 = on!(db, |c| {
        sqlx::query_scalar(
        "select count(*) from activation where code_hash = $1 and purpose = 'setup' and used_at is null and expires_at > $2
         and not exists (select 1 from person)",
    )
    .bind(code_hash(code))
    .bind(now)
    .fetch_one(c)
    .await
    })?;
    Ok(open > 0)
}

/// Creates the first administrator.
///
/// # Errors
/// [`Error::NotFound`] when the code does not work or somebody was first.
pub async fn set_up(db: &Db, code: &str, new: NewPerson, address: String, now: DateTime<Utc>) -> Result<Person> {
    let hash = code_hash(code);
    let id = db
        .write(move |tx| {
            Box::pin(async move {
                tx.lock("setup").await?;
                let people: i64 = on_tx!(tx, |c| sqlx::query_scalar("select count(*) from person").fetch_one(c).await)?;
                if people > 0 || use_code(tx, &hash, "setup", now).await? == 0 {
                    return Err(Error::NotFound);
                }
                let id = person::create_in(tx, &new, now).await?;
                audit::record(tx, Actor { id, address }.entry(now, "setup.administrator", id)).await?;
                Ok(id)
            })
        })
        .await?;
    person::find(db, id).await?.ok_or(Error::NotFound)
}

async fn use_code(tx: &mut Tx, hash: &[u8], purpose: &str, now: DateTime<Utc>) -> Result<u64> {
    Ok(execute!(
        tx,
        "update activation set used_at = $3 where code_hash = $1 and purpose = $2 and used_at is null and expires_at > $3",
        hash,
        purpose,
        now,
    )?)
}

/// The person a code lets choose a password.
pub async fn find(db: &Db, code: &str, now: DateTime<Utc>) -> Result<Option<Usable>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.expires_at, p.password_hash is not null as activated,
                p.id, p.login, p.name, p.role, p.language, p.theme, p.font_size
         from activation a join person p on p.id = a.person_id
         where a.code_hash = $1 and a.purpose = 'password' and a.used_at is null and a.expires_at > $2
               and p.disabled_at is null",
    )
    .bind(code_hash(code))
    .bind(now)
    .fetch_optional(c)
    .await)?)
}

/// Uses a code up: sets the password, ends what was signed in with the old one, and opens a session.
///
/// # Errors
/// [`Error::NotFound`] when the code was used meanwhile or has run out.
pub async fn activate(db: &Db, code: &str, hash: String, new: NewSession, now: DateTime<Utc>) -> Result<()> {
    let code = code_hash(code);
    db.write(move |tx| {
        Box::pin(async move {
            if use_code(tx, &code, "password", now).await? == 0 {
                return Err(Error::NotFound);
            }
            let id = new.person.id;
            execute!(tx, "update person set password_hash = $2 where id = $1", id, hash)?;
            execute!(tx, "delete from activation where person_id = $1 and used_at is null", id)?;
            session::end_others_in(tx, id, None).await?;
            execute!(tx, "delete from api_token where person_id = $1", id)?;
            session::open_in(tx, &new, now).await?;
            audit::record(tx, Actor { id, address: new.address.clone() }.entry(now, "account.activate", id)).await
        })
    })
    .await
}

/// A link for a new password, as its path. `actor` is `None` for the command on the server's own machine.
///
/// # Errors
/// [`Error::NotFound`] when there is no such open account.
pub async fn password_link(db: &Db, actor: Option<Actor>, login: &str, now: DateTime<Utc>) -> Result<String> {
    let code = random_code(28);
    let hash = code_hash(&code);
    let login = login.trim().to_lowercase();
    db.write(move |tx| {
        Box::pin(async move {
            let id: Option<Uuid> =
                on_tx!(tx, |c| sqlx::query_scalar("select id from person where login = $1 and disabled_at is null")
                    .bind(&login)
                    .fetch_optional(c)
                    .await)?;
            let id = id.ok_or(Error::NotFound)?;
            link_in(tx, actor.as_ref(), id, hash, now).await
        })
    })
    .await?;
    Ok(format!("/activate/{code}"))
}

/// Creates a teacher or an administrator and the link by which they choose their password.
pub async fn create_staff(db: &Db, actor: Actor, new: NewPerson, now: DateTime<Utc>) -> Result<String> {
    if new.role == Role::Student {
        return Err(Error::invalid("admin-role-unknown"));
    }
    let code = random_code(28);
    let hash = code_hash(&code);
    db.write(move |tx| {
        Box::pin(async move {
            let id = person::create_in(tx, &new, now).await?;
            let mut entry = actor.entry(now, "person.create", id);
            entry.detail = format!("{} {}", new.role.name(), new.login);
            audit::record(tx, entry).await?;
            link_in(tx, Some(&actor), id, hash, now).await
        })
    })
    .await?;
    Ok(format!("/activate/{code}"))
}

async fn link_in(tx: &mut Tx, actor: Option<&Actor>, person_id: Uuid, hash: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
    execute!(tx, "delete from activation where person_id = $1 and used_at is null", person_id)?;
    execute!(
        tx,
        "insert into activation (id, code_hash, purpose, person_id, created_by, created_at, expires_at)
         values ($1, $2, 'password', $3, $4, $5, $6)",
        Uuid::now_v7(),
        hash,
        person_id,
        actor.map(|actor| actor.id),
        now,
        now + LINK_LIFE,
    )?;
    let entry = audit::Entry {
        at: now,
        person_id: actor.map(|actor| actor.id),
        class_id: None,
        action: "person.link",
        subject: person_id.to_string(),
        detail: String::new(),
        address: actor.map(|actor| actor.address.clone()).unwrap_or_default(),
    };
    audit::record(tx, entry).await
}

/// New slips for students of a class: those named, or all who have no password yet. Earlier slips stop working.
/// Staff who study along are left out: a teacher must not reset their passwords.
pub async fn slips(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    only: Option<Vec<Uuid>>,
    now: DateTime<Utc>,
) -> Result<Vec<Slip>> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.lock(&format!("roster:{class_id}")).await?;
            let students: Vec<(Uuid, String, String, bool)> = on_tx!(tx, |c| sqlx::query_as(
                "select p.id, p.name, coalesce(m.student_number, p.login), p.password_hash is not null
                 from membership m join person p on p.id = m.person_id
                 where m.class_id = $1 and m.role = 'student' and m.left_at is null and p.role = 'student'
                       and p.disabled_at is null
                 order by m.student_number, p.id",
            )
            .bind(class_id)
            .fetch_all(c)
            .await)?;
            let chosen: Vec<_> = students
                .into_iter()
                .filter(|(id, _, _, activated)| match &only {
                    Some(ids) => ids.contains(id),
                    None => !activated,
                })
                .collect();
            let mut slips = Vec::with_capacity(chosen.len());
            for group in chosen.chunks(2_000) {
                let codes: Vec<String> = group.iter().map(|_| random_code(CODE_LENGTH)).collect();
                on_tx!(tx, |c| {
                    let mut retire =
                        QueryBuilder::new("delete from activation where used_at is null and person_id in ");
                    retire.push("(");
                    let mut ids = retire.separated(", ");
                    for (id, ..) in group {
                        ids.push_bind(*id);
                    }
                    retire.push(")");
                    retire.build().execute(c).await.map(|_| ())
                })?;
                on_tx!(tx, |c| {
                    let mut insert = QueryBuilder::new(
                        "insert into activation
                             (id, code_hash, purpose, person_id, class_id, created_by, created_at, expires_at) ",
                    );
                    insert.push_values(group.iter().zip(&codes), |mut row, ((id, ..), code)| {
                        row.push_bind(Uuid::now_v7())
                            .push_bind(code_hash(code))
                            .push_bind("password")
                            .push_bind(*id)
                            .push_bind(class_id)
                            .push_bind(actor.id)
                            .push_bind(now)
                            .push_bind(now + SLIP_LIFE);
                    });
                    insert.build().execute(c).await.map(|_| ())
                })?;
                slips.extend(group.iter().zip(&codes).map(|((_, name, number, _), code)| Slip {
                    name: name.clone(),
                    number: number.clone(),
                    code: grouped(code),
                }));
            }
            if !slips.is_empty() {
                let mut entry = actor.entry(now, "roster.slips", class_id);
                entry.class_id = Some(class_id);
                let numbers: Vec<&str> = slips.iter().map(|slip| slip.number.as_str()).take(100).collect();
                entry.detail = format!("{}: {}", slips.len(), numbers.join(" "));
                audit::record(tx, entry).await?;
            }
            Ok(slips)
        })
    })
    .await
}
