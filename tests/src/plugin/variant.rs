//! The fixture `faults` as other files: another version, another manifest, another fault at its start, a lie.

use plugin_loader::file;
use serde_json::Value;
use tests::binary;

/// The fixture `faults` with another manifest, which is not longer, and another fault at its start.
pub(super) fn variant(change: impl FnOnce(&mut Value), fault: &str) -> Vec<u8> {
    let mut bytes = std::fs::read(binary::plugin("faults")).expect("the fixture is built");
    let whole = file::read(&binary::plugin("faults")).expect("a plugin").manifest;
    let json = serde_json::to_string(&whole).expect("plain data");
    let mut manifest: Value = serde_json::from_str(&json).expect("JSON");
    // Room for what is added.
    manifest["templates"] = serde_json::json!({});
    change(&mut manifest);
    let text = manifest.to_string();
    assert!(text.len() <= json.len(), "{} bytes more than the fixture has room for", text.len() - json.len());
    let text = text.clone() + &" ".repeat(json.len() - text.len());
    // In the section, and in the table.
    let places = find_all(&bytes, json.as_bytes());
    assert!(!places.is_empty(), "the manifest is not in the file as it was written");
    for at in places {
        bytes[at..at + json.len()].copy_from_slice(text.as_bytes());
    }
    write_fault(&mut bytes, fault);
    bytes
}

/// Writes another fault at the start into the bytes of the fixture `faults`.
pub(super) fn write_fault(bytes: &mut [u8], fault: &str) {
    let mark = b"fault-at-start:";
    let at = find_all(bytes, mark)[0] + mark.len();
    bytes[at..at + 9].copy_from_slice(format!("{fault:;<9}").as_bytes());
}

/// Where these bytes are.
pub(super) fn find_all(bytes: &[u8], wanted: &[u8]) -> Vec<usize> {
    bytes.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted).map(|(at, _)| at).collect()
}

/// The fixture as this version, with a fault at its start.
pub(super) fn version(version: &str, fault: &str) -> Vec<u8> {
    variant(|manifest| manifest["version"] = version.into(), fault)
}
