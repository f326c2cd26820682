//! Who asks about an assignment, an attempt or a file: another class's do not exist for them.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use super::{SignedIn, path_id};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::assignment::{self, Standing};
use crate::store::attempt::{self, Attempt};
use crate::store::person::{Person, Role};

/// Somebody who may see the assignment that `{assignment}` in the address names: a student it was given to, a teacher of
/// the class, an administrator.
#[derive(Clone, Debug)]
pub struct AssignmentMember {
    /// Who.
    pub person: Person,
    /// The assignment and what holds for them.
    pub standing: Standing,
    /// Sees it as its teacher does.
    pub teaches: bool,
}

/// A student whom the assignment was given to; a teacher is refused.
#[derive(Clone, Debug)]
pub struct AssignmentStudent {
    /// Who.
    pub person: Person,
    /// The assignment and what holds for them.
    pub standing: Standing,
}

/// Somebody who may see the attempt that `{attempt}` in the address names: its student, a teacher of the class, an
/// administrator.
#[derive(Clone, Debug)]
pub struct AttemptMember {
    /// Who looks.
    pub person: Person,
    /// The assignment and what holds for the attempt's student.
    pub standing: Standing,
    /// The attempt.
    pub attempt: Attempt,
    /// Sees it as a teacher does.
    pub teaches: bool,
}

/// The student whose attempt `{attempt}` in the address names; for everybody else there is nothing.
#[derive(Clone, Debug)]
pub struct AttemptStudent(pub AttemptMember);

async fn member(app: &App, person: Person, assignment: Uuid) -> Result<AssignmentMember> {
    let standing = assignment::standing(&app.db, assignment, person.id).await?.ok_or(Error::NotFound)?;
    let teaches = standing.is_teacher() || (standing.membership.is_none() && person.role == Role::Administrator);
    if !teaches && !standing.is_for_student() {
        return Err(Error::NotFound);
    }
    Ok(AssignmentMember { person, standing, teaches })
}

impl FromRequestParts<App> for AssignmentMember {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        let assignment = path_id(parts, app, "assignment").await?;
        member(app, person, assignment).await
    }
}

impl FromRequestParts<App> for AssignmentStudent {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let member = AssignmentMember::from_request_parts(parts, app).await?;
        match member.teaches {
            true => Err(Error::Forbidden),
            false => Ok(Self { person: member.person, standing: member.standing }),
        }
    }
}

impl FromRequestParts<App> for AttemptMember {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        let id = path_id(parts, app, "attempt").await?;
        let attempt = attempt::find(&app.db, id).await?.ok_or(Error::NotFound)?;
        let AssignmentMember { person, standing, teaches } = member(app, person, attempt.assignment_id).await?;
        if !teaches && attempt.person_id != person.id {
            return Err(Error::NotFound);
        }
        // A teacher sees it under the rules that hold for its student.
        let standing = match teaches {
            true => {
                assignment::standing(&app.db, attempt.assignment_id, attempt.person_id).await?.ok_or(Error::NotFound)?
            }
            false => standing,
        };
        Ok(Self { person, standing, attempt, teaches })
    }
}

impl FromRequestParts<App> for AttemptStudent {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let member = AttemptMember::from_request_parts(parts, app).await?;
        match member.teaches {
            true => Err(Error::NotFound),
            false => Ok(Self(member)),
        }
    }
}
