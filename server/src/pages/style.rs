//! All components on one page, for whoever builds or translates pages; debug builds only.

use axum::response::Html;

use crate::error::Result;
use crate::view::View;

/// `GET /style`
pub async fn show(view: View) -> Result<Html<String>> {
    view.page("style/style.html", "", serde_json::json!({}))
}
