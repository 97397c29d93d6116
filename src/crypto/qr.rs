//! Pictures for a phone's camera: QR codes (ISO/IEC 18004) as the outline of their dark squares.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::db::Fault;

/// The light margin that the standard asks for, in squares.
const QUIET: usize = 4;

/// A QR code to be drawn as SVG: dark on light, whatever the theme, or cameras do not read it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Width and height in squares, with the margin.
    pub side: usize,
    /// The dark squares as the data of an SVG path.
    pub path: String,
}

/// # Errors
/// A fault when the text is too long for a QR code (some two thousand bytes).
pub fn picture(text: &str) -> Result<Picture, Fault> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|e| Fault::broken("drawing a QR code", e.to_string()))?;
    let width = code.width();
    let mut path = String::new();
    for (row, colors) in code.to_colors().chunks(width).enumerate() {
        for (column, length) in runs(colors) {
            let _ = write!(path, "M{} {}h{length}v1h-{length}z", column + QUIET, row + QUIET);
        }
    }
    Ok(Picture { side: width + 2 * QUIET, path })
}

/// Where dark squares begin in a row, and how many stand side by side.
fn runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for column in (0..row.len()).filter(|&column| row[column] == Color::Dark) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == column => *length += 1,
            _ => runs.push((column, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_margin_and_the_first_corner_mark() {
        let picture = picture("otpauth://totp/Example:ada@example.com?secret=GEZDGNBV").unwrap();
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "{}", &picture.path[..40]);
        assert!(picture.side >= 21 + 8);
        assert!(super::picture(&"x".repeat(5_000)).is_err());
    }

    #[test]
    fn neighbouring_squares_are_one_stroke() {
        use Color::{Dark, Light};
        assert_eq!(runs(&[Dark, Dark, Light, Dark]), [(0, 2), (3, 1)]);
    }
}
