//! A person's own account: preferences and password.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::execute;
use crate::store::person::Actor;
use crate::store::sign_in::{self, Reserved};
use crate::store::{audit, session};

/// Keeps how a person likes pages; `None` leaves a choice as it is.
pub async fn set_preferences(
    db: &Db,
    id: Uuid,
    language: Option<String>,
    theme: Option<String>,
    font_size: Option<String>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "update person set language = coalesce($2, language), theme = coalesce($3, theme),
                                   font_size = coalesce($4, font_size) where id = $1",
                id,
                language,
                theme,
                font_size,
            )?;
            Ok(())
        })
    })
    .await
}

/// Changes a password whose former was just given; all sessions but `keep` end.
pub async fn change_password(
    db: &Db,
    actor: Actor,
    hash: String,
    keep: Option<Uuid>,
    reserved: Reserved,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            sign_in::succeeded(tx, &reserved, now).await?;
            execute!(tx, "update person set password_hash = $2 where id = $1", actor.id, hash)?;
            session::end_others_in(tx, actor.id, keep).await?;
            audit::record(tx, actor.entry(now, "account.password", actor.id)).await
        })
    })
    .await
}
