//! QR codes as paths of SVG.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;
use qrcode::{Color, EcLevel, QrCode};

/// Empty modules around a code, as the standard wants them.
const QUIET: usize = 4;

/// Size and path of a code; nothing for a text that is too long for one.
pub fn drawn(text: &str) -> Value {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return Value::Null };
    let width = code.width();
    let modules = code.to_colors();
    let dark = modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let path: String =
        dark.map(|(index, _)| format!("M{} {}h1v1h-1z", index % width + QUIET, index / width + QUIET)).collect();
    json!({ "size": width + 2 * QUIET, "path": path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_a_quiet_edge() {
        let code = drawn("http://weixin.qq.com/q/02abc");
        // Version 3 has 29 modules a side.
        assert_eq!(code["size"], 37);
        // The corner of the first finder pattern.
        assert!(code["path"].as_str().unwrap().starts_with("M4 4h1v1h-1z"));
        assert!(drawn(&"x".repeat(10_000)).is_null());
    }
}
