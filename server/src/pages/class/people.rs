//! Who teaches a class, and who holds which post in it.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::post_name;
use crate::app::App;
use crate::auth::{OpenClass, PathPerson};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::request::Form;
use crate::store::{class, post};
use crate::view::View;

/// Most characters of a free post.
const LONGEST_POST: usize = 20;

/// A colleague to add.
#[derive(Deserialize)]
pub struct Colleague {
    login: String,
}

/// `POST /classes/{class}/teachers`
pub async fn add_teacher(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Form(form): Form<Colleague>,
) -> Result<Response> {
    let to = format!("/classes/{}#teachers", class.id);
    match class::add_teacher(&app.db, actor, class.id, &form.login, app.clock.now()).await {
        Ok(()) => Ok(Notice::success(Message::new("class-teacher-added")).redirect(&to)),
        Err(Error::Invalid(message)) => Ok(Notice::error(message).redirect(&to)),
        Err(error) => Err(error),
    }
}

/// `POST /classes/{class}/teachers/{person}/remove`
pub async fn remove_teacher(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    PathPerson(person): PathPerson,
) -> Result<Response> {
    let left_alone = actor.id == person;
    class::remove_teacher(&app.db, actor, class.id, person, app.clock.now()).await?;
    let to = if left_alone { "/classes".to_owned() } else { format!("/classes/{}#teachers", class.id) };
    Ok(Notice::success(Message::new("class-teacher-removed")).redirect(&to))
}

/// A post to give.
#[derive(Deserialize)]
pub struct PostForm {
    person: String,
    /// `operator`, or `free` for what is typed in `name`.
    post: String,
    #[serde(default)]
    name: String,
}

impl PostForm {
    fn post(&self) -> Result<String> {
        if self.post == post::OPERATOR {
            return Ok(self.post.clone());
        }
        let text = if self.post == "free" { self.name.trim() } else { self.post.trim() };
        let length = text.chars().count();
        if length == 0 || length > LONGEST_POST || text.chars().any(char::is_control) {
            return Err(Error::Invalid(Message::new("class-post-refused").with("most", LONGEST_POST)));
        }
        Ok(text.to_owned())
    }
}

/// `POST /classes/{class}/posts`
pub async fn give_post(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Form(form): Form<PostForm>,
) -> Result<Response> {
    let to = format!("/classes/{}#students", class.id);
    let post = match form.post() {
        Ok(post) => post,
        Err(Error::Invalid(message)) => return Ok(Notice::error(message).redirect(&to)),
        Err(error) => return Err(error),
    };
    let person: Uuid = form.person.parse().map_err(|_| Error::NotFound)?;
    let label = view.sentence(&post_name(&post));
    post::give(&app.db, actor, class.id, person, post, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-post-given").with("post", label)).redirect(&to))
}

/// `POST /classes/{class}/posts/take`
pub async fn take_post(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Form(form): Form<PostForm>,
) -> Result<Response> {
    let post = form.post()?;
    let person: Uuid = form.person.parse().map_err(|_| Error::NotFound)?;
    let label = view.sentence(&post_name(&post));
    post::take(&app.db, actor, class.id, person, post, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-post-taken").with("post", label))
        .redirect(&format!("/classes/{}#students", class.id)))
}
