//! Every address of the API: who may call it, how often, and what answers.

use serde_json::Value;

use super::call::Call;
use super::{codes, customer, figures, library, mass, origin, quota, tags, users};
use crate::failure::Failure;
use crate::options::Tier;
use crate::platform::Platform;

/// An address of the API.
pub struct Address {
    pub path: &'static str,
    pub method: Method,
    /// The least tier that may call it.
    pub needs: Tier,
    /// How often in a day of +08:00.
    pub daily: u64,
    pub run: fn(&mut Platform, &Call) -> Result<Value, Failure>,
}

/// How an address is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Either,
}

const fn address(
    path: &'static str,
    method: Method,
    needs: Tier,
    daily: u64,
    run: fn(&mut Platform, &Call) -> Result<Value, Failure>,
) -> Address {
    Address { path, method, needs, daily, run }
}

/// Every address but those that fetch a token or show a picture. Limits are those of an account under 100,000 fans.
pub const ADDRESSES: &[Address] = {
    use Method::{Either, Get, Post};
    use Tier::{F, S, Zero};
    &[
        address("/cgi-bin/getcallbackip", Get, Zero, 10_000, origin::callback_addresses),
        address("/cgi-bin/get_api_domain_ip", Get, Zero, 10_000, origin::callback_addresses),
        address("/cgi-bin/clear_quota", Post, Zero, u64::MAX, quota::clear),
        address("/cgi-bin/user/get", Either, S, 500, users::list),
        address("/cgi-bin/user/info", Get, S, 500_000, users::show),
        address("/cgi-bin/user/info/batchget", Post, S, 500_000, users::show_many),
        address("/cgi-bin/user/info/updateremark", Post, S, 10_000, users::remark),
        address("/cgi-bin/tags/create", Post, S, 1_000, tags::create),
        address("/cgi-bin/tags/get", Either, S, 1_000, tags::list),
        address("/cgi-bin/tags/update", Post, S, 1_000, tags::rename),
        address("/cgi-bin/tags/delete", Post, S, 1_000, tags::delete),
        address("/cgi-bin/tags/members/batchtagging", Post, S, 100_000, tags::add),
        address("/cgi-bin/tags/members/batchuntagging", Post, S, 100_000, tags::remove),
        address("/cgi-bin/tags/getidlist", Post, S, 500_000, tags::of_user),
        address("/cgi-bin/user/tag/get", Either, S, 500, tags::members),
        address("/cgi-bin/qrcode/create", Post, F, 100_000, codes::create),
        address("/cgi-bin/message/custom/send", Post, S, 500_000, customer::send),
        address("/cgi-bin/message/custom/typing", Post, S, 500_000, customer::typing),
        address("/datacube/getusersummary", Post, S, 500, figures::summary),
        address("/datacube/getusercumulate", Post, S, 500, figures::cumulate),
        address("/cgi-bin/media/upload", Post, S, 100_000, library::upload),
        address("/cgi-bin/material/add_material", Post, S, 1_000, library::upload),
        address("/cgi-bin/media/uploadimg", Post, S, 100_000, library::upload_picture),
        address("/cgi-bin/draft/add", Post, S, 1_000, library::add_draft),
        address("/cgi-bin/draft/get", Post, S, 500, library::show_draft),
        address("/cgi-bin/draft/count", Either, S, 1_000, library::count_drafts),
        address("/cgi-bin/draft/delete", Post, S, 1_000, library::delete_draft),
        address("/cgi-bin/freepublish/submit", Post, S, 100, mass::publish),
        address("/cgi-bin/freepublish/get", Post, S, 100, mass::publication),
        address("/cgi-bin/message/mass/sendall", Post, S, 100, mass::send_all),
        address("/cgi-bin/message/mass/send", Post, F, 100, mass::send),
        address("/cgi-bin/message/mass/preview", Post, S, 100, mass::preview),
        address("/cgi-bin/message/mass/get", Post, S, 100, mass::status),
    ]
};
