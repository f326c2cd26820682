//! QR codes as SVG: one path, dark on white in every theme, with the quiet zone that readers need.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::error::{Error, Result};

/// Light modules around the code; the standard asks for four.
const QUIET: usize = 4;

/// An `<svg>` element to put into a page. It is hidden from readers: the text it holds stands beside it.
pub fn element(text: &str) -> Result<String> {
    svg(text, " class=\"qr-image\" aria-hidden=\"true\"")
}

/// The same as a file of its own.
pub fn document(text: &str) -> Result<String> {
    svg(text, " xmlns=\"http://www.w3.org/2000/svg\"")
}

fn svg(text: &str, attributes: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET).map_err(Error::internal)?;
            }
            x += run.max(1);
        }
    }
    let size = width + 2 * QUIET;
    Ok(format!(
        "<svg{attributes} viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let text = "https://course.example.edu/join?code=K7M2QX";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let svg = element(text).unwrap();
        let drawn: usize = svg
            .split('h')
            .skip(1)
            .filter_map(|part| part.split_once("v1").and_then(|(run, _)| run.parse::<usize>().ok()))
            .sum();
        assert_eq!(drawn, dark);
        assert!(!svg.contains("style"));
    }
}
