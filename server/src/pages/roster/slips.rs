//! Activation slips: a page to print and cut, eight to a sheet. Codes are on this page only; the server keeps hashes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::address;
use crate::address;
use crate::app::App;
use crate::auth::OpenClass;
use crate::error::{Message, Result};
use crate::moment::Stamp;
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::qr;
use crate::request::Fields;
use crate::secret::normal_code;
use crate::store::activation::{self, SLIP_LIFE};
use crate::view::View;

/// Slips on one sheet of A4.
const ON_A_SHEET: usize = 8;

#[derive(Serialize)]
struct SlipsPage {
    class: ClassHead,
    count: usize,
    sheets: Vec<Vec<SlipCard>>,
    site: String,
    expires: Stamp,
}

#[derive(Serialize)]
struct SlipCard {
    name: String,
    number: String,
    code: String,
    /// The QR code as an SVG element. It stands in the page itself: an address for each picture would put codes into logs.
    qr: String,
}

/// `POST /classes/{class}/roster/slips`: new slips for the students named, or for all without a password.
pub async fn print(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    headers: HeaderMap,
    State(app): State<App>,
    fields: Fields,
) -> Result<Response> {
    let named: Vec<Uuid> = fields.all("person").filter_map(|value| value.parse().ok()).collect();
    let only = (fields.one("only") == "named").then_some(named);
    let now = app.clock.now();
    let slips = activation::slips(&app.db, actor, class.id, only, now).await?;
    if slips.is_empty() {
        return Ok(Notice::info(Message::new("roster-no-slips")).redirect(&address(&class)));
    }
    let site = address::site(&app.config, &headers);
    let mut cards = Vec::with_capacity(slips.len());
    for slip in slips {
        let link = format!("{site}/activate/{}", normal_code(&slip.code));
        cards.push(SlipCard { qr: qr::element(&link)?, name: slip.name, number: slip.number, code: slip.code });
    }
    let count = cards.len();
    let mut sheets = Vec::new();
    while !cards.is_empty() {
        let rest = cards.split_off(cards.len().min(ON_A_SHEET));
        sheets.push(std::mem::replace(&mut cards, rest));
    }
    let page = SlipsPage {
        class: ClassHead::new(&app, &class, view.language()),
        count,
        sheets,
        site: format!("{site}/activate"),
        expires: Stamp::new(now + SLIP_LIFE, &class.time_zone),
    };
    Ok(view.page("roster/slips.html", "class", page)?.into_response())
}
