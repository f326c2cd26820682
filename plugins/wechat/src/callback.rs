//! The address that the platform calls: who calls is checked, what comes is kept before it is answered, and a repeat gets
//! the same answer.

mod answer;
mod delivery;
mod fields;
mod incoming;
mod record;
mod reply;
mod signature;
mod since;

use plugin_sdk::prelude::*;

pub use delivery::{latest, sweep, tell_missed};

use crate::account::{self, Account};
use crate::cipher::Cipher;
use crate::fault::{self, Kind};
use fields::Fields;
use incoming::Incoming;
use reply::Envelope;
use since::Since;

/// What people read who open the address themselves.
const FOR_PEOPLE: &str = "这是公众号的回调地址，只接受微信服务器发来的请求。\n\
    This is the callback address of a public account; only the platform's servers can use it.\n";

/// Why a call is refused.
struct Refused(u16, Kind);

/// The platform checks the address when the teacher presses 提交.
pub fn check(host: &Host, request: &Page) -> Result<Response> {
    if request.query("signature").is_empty() {
        return Ok(text(403, FOR_PEOPLE));
    }
    match signed_token(host, request)? {
        Err(refused) => refuse(host, refused),
        Ok(_) => {
            let account = Account::open(host)?;
            host.exec("update account set verified_at = $2 where class_id = $1", params![account.class, host.now()])?;
            Ok(text(200, request.query("echostr")))
        }
    }
}

/// The platform tells something. Whatever fails here is answered with 500, so that the platform tells it again.
pub fn receive(host: &Host, request: &Page) -> Response {
    let since = Since::now();
    let answered = match read(host, request) {
        Ok(Ok((incoming, envelope))) => keep_and_answer(host, since, &incoming, &envelope),
        Ok(Err(refused)) => refuse(host, refused),
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| {
        log::error!("a callback could not be kept, so the platform sends it again: {}", error.0);
        text(500, "")
    })
}

fn keep_and_answer(host: &Host, since: Since, incoming: &Incoming, envelope: &Envelope) -> Result<Response> {
    // Nobody answers in an archived class, so nothing more is kept. But who leaves is forgotten.
    if host.class()?.archived && !incoming.is_departure() {
        return Ok(envelope.seal(incoming, "", host.now()));
    }
    let account = Account::open(host)?;
    if !account.is_own(host, &incoming.account)? {
        return refuse(host, Refused(403, Kind::Account));
    }
    let kept = record::record(host, since, &account, incoming, envelope.is_encrypted())?;
    let Some(reply) = answer::of(host, since, incoming, &kept)? else {
        // Another call still works on it; the platform asks again.
        return Ok(text(503, ""));
    };
    Ok(envelope.seal(incoming, &reply, host.now()))
}

/// Checks who calls, and reads what they say.
fn read(host: &Host, request: &Page) -> Result<Result<(Incoming, Envelope), Refused>> {
    let token = match signed_token(host, request)? {
        Ok(token) => token,
        Err(refused) => return Ok(Err(refused)),
    };
    let Ok(body) = std::str::from_utf8(request.body.as_bytes()) else { return Ok(Err(Refused(400, Kind::Body))) };
    let Some(fields) = Fields::read(body) else { return Ok(Err(Refused(400, Kind::Body))) };
    let is_encrypted = request.query("encrypt_type") == "aes";
    let encrypted_only = host.setting::<bool>("encrypted_only").unwrap_or(true);
    let key = host.secret("aes_key")?.unwrap_or_default();
    let (fields, envelope) = if is_encrypted && key.is_empty() {
        // In the mode that sends both, what is in the clear is there as well.
        if encrypted_only || fields.get("FromUserName").is_empty() {
            return Ok(Err(Refused(403, Kind::NoKey)));
        }
        (fields, Envelope::Plain)
    } else if is_encrypted {
        match decrypt(host, request, &token, &key, &fields)? {
            Ok(read) => read,
            Err(refused) => return Ok(Err(refused)),
        }
    } else if encrypted_only {
        return Ok(Err(Refused(403, Kind::Plain)));
    } else {
        (fields, Envelope::Plain)
    };
    Ok(Incoming::read(&fields).map(|incoming| (incoming, envelope)).ok_or(Refused(400, Kind::Body)))
}

fn decrypt(
    host: &Host,
    request: &Page,
    token: &str,
    key: &str,
    outer: &Fields,
) -> Result<Result<(Fields, Envelope), Refused>> {
    let (encrypted, nonce) = (outer.get("Encrypt"), request.query("nonce"));
    let parts = [token, request.query("timestamp"), nonce, encrypted];
    if encrypted.is_empty() || !signature::is_signed(&parts, request.query("msg_signature")) {
        return Ok(Err(Refused(403, Kind::Signature)));
    }
    let account = account::app_id(host);
    let with = |key: &str| {
        let cipher = Cipher::from_encoded(key)?;
        cipher.decrypt(encrypted, &account).map(|plain| (cipher, plain))
    };
    let mut read = with(key);
    if read.is_none() {
        read = host.secret("aes_key_previous")?.as_deref().and_then(with);
    }
    let Some((cipher, plain)) = read else { return Ok(Err(Refused(403, Kind::Key))) };
    // The reply goes out with the key that read the message: the platform may not know the new one yet.
    let envelope = Envelope::Encrypted { cipher, account, token: token.to_owned(), nonce: nonce.to_owned() };
    Ok(Fields::read(&plain).map(|fields| (fields, envelope)).ok_or(Refused(400, Kind::Body)))
}

/// The token, if the call is signed with it.
fn signed_token(host: &Host, request: &Page) -> Result<Result<String, Refused>> {
    let token = host.secret("token")?.unwrap_or_default();
    if token.is_empty() || account::app_id(host).is_empty() {
        return Ok(Err(Refused(403, Kind::Setup)));
    }
    let parts = [token.as_str(), request.query("timestamp"), request.query("nonce")];
    let is_signed = signature::is_signed(&parts, request.query("signature"));
    Ok(if is_signed { Ok(token) } else { Err(Refused(403, Kind::Signature)) })
}

fn refuse(host: &Host, Refused(status, kind): Refused) -> Result<Response> {
    fault::note(host, kind, "", None)?;
    Ok(text(status, FOR_PEOPLE))
}

fn text(status: u16, text: &str) -> Response {
    bytes(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}
