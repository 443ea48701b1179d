//! Photographs of paper forms become a page.
//!
//! What a file is, its first bytes say, not its name. A JPEG goes into the page as it is, without everything that says where,
//! when and with what it was taken; a PNG is decoded and written anew. The page is then inspected like any other PDF: a picture
//! gets no way in of its own.

mod exif;
mod jpeg;
mod png;

use hearth::domain::document::RefusalCode;

use super::Limits;

/// Longest side of a picture in points of its own: what JPEG can say, and more than any telephone has.
const LONGEST_SIDE: u32 = 65_500;
/// Most points of a picture: the largest sensors of telephones have 200 million.
const MOST_POINTS: u64 = 220_000_000;

/// Letter paper, upright, in points, and the margin that printers leave.
const PAPER: (f64, f64) = (612.0, 792.0);
const MARGIN: f64 = 18.0;

/// A picture as an image of a PDF.
struct Picture {
    width: u32,
    height: u32,
    /// How it must be turned to be seen upright.
    turn: Turn,
    /// Filter and colours, as entries of its dictionary.
    entries: String,
    data: Vec<u8>,
}

/// The EXIF orientations, by what is done to a picture to see it upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    None,
    Mirrored,
    Half,
    HalfMirrored,
    LeftMirrored,
    Right,
    RightMirrored,
    Left,
}

impl Turn {
    /// TIFF 6.0, tag 274; what is none of its values means nothing.
    const fn from_tag(value: u32) -> Self {
        match value {
            2 => Self::Mirrored,
            3 => Self::Half,
            4 => Self::HalfMirrored,
            5 => Self::LeftMirrored,
            6 => Self::Right,
            7 => Self::RightMirrored,
            8 => Self::Left,
            _ => Self::None,
        }
    }

    /// Whether width and height change places.
    const fn is_sideways(self) -> bool {
        matches!(self, Self::LeftMirrored | Self::Right | Self::RightMirrored | Self::Left)
    }

    /// Where the unit square of an image goes, within the unit square.
    const fn matrix(self) -> [f64; 6] {
        match self {
            Self::None => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            Self::Mirrored => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            Self::Half => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
            Self::HalfMirrored => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
            Self::LeftMirrored => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
            Self::Right => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            Self::RightMirrored => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            Self::Left => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
        }
    }
}

/// The picture as a PDF of one page; `None` when the bytes are no JPEG and no PNG.
///
/// # Errors
/// [`RefusalCode::TooLarge`], [`RefusalCode::TooComplex`] and [`RefusalCode::Damaged`] for a picture outside of the bounds or
/// one that cannot be read.
pub(super) fn page(raw: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, RefusalCode> {
    let read = if jpeg::is(raw) {
        jpeg::read
    } else if png::is(raw) {
        png::read
    } else {
        return Ok(None);
    };
    if raw.len() > limits.bytes {
        return Err(RefusalCode::TooLarge);
    }
    read(raw).map(|picture| Some(write(&picture)))
}

/// Refuses sides that no camera has, before anything is decoded.
fn check_sides(width: u32, height: u32) -> Result<(), RefusalCode> {
    if width == 0 || height == 0 {
        return Err(RefusalCode::Damaged);
    }
    let points = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || points > MOST_POINTS { Err(RefusalCode::TooComplex) } else { Ok(()) }
}

/// One page: the picture, upright, as large as the paper holds it; the paper lies as the picture does.
fn write(picture: &Picture) -> Vec<u8> {
    let (mut width, mut height) = (f64::from(picture.width), f64::from(picture.height));
    if picture.turn.is_sideways() {
        (width, height) = (height, width);
    }
    let (across, up) = if width > height { (PAPER.1, PAPER.0) } else { PAPER };
    let scale = ((across - 2.0 * MARGIN) / width).min((up - 2.0 * MARGIN) / height);
    let (width, height) = (width * scale, height * scale);
    let (left, bottom) = ((across - width) / 2.0, (up - height) / 2.0);
    let [a, b, c, d, e, f] = picture.turn.matrix();
    let content = format!(
        "q {width:.3} 0 0 {height:.3} {left:.3} {bottom:.3} cm {a:.0} {b:.0} {c:.0} {d:.0} {e:.0} {f:.0} cm /Photo Do Q"
    );
    let sides = format!("/Width {} /Height {}", picture.width, picture.height);
    let image = format!(
        "<< /Type /XObject /Subtype /Image {sides} /BitsPerComponent 8 {} /Length {} >>\nstream\n",
        picture.entries,
        picture.data.len()
    );
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {across:.0} {up:.0}] /Contents 4 0 R \
         /Resources << /XObject << /Photo 5 0 R >> >> >>"
    );
    let content = format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let objects: [&[&[u8]]; 5] = [
        &[b"<< /Type /Catalog /Pages 2 0 R >>"],
        &[b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"],
        &[page.as_bytes()],
        &[content.as_bytes()],
        &[image.as_bytes(), &picture.data, b"\nendstream"],
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for (number, parts) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj\n").into_bytes());
        parts.iter().for_each(|part| file.extend_from_slice(part));
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    let tail = format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(format!("xref\n0 6\n0000000000 65535 f \n{table}{tail}").into_bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the corners of the page's picture come from: orientation 6, the usual telephone held upright, was taken lying on
    /// its left side, so what the file has on the left is at the top.
    #[test]
    fn each_orientation_brings_the_first_row_to_the_side_that_tiff_says() {
        // The visual side of row 0 and of column 0, by value of the tag (TIFF 6.0, tag 274).
        let sides = [
            (1, "top", "left"),
            (2, "top", "right"),
            (3, "bottom", "right"),
            (4, "bottom", "left"),
            (5, "left", "top"),
            (6, "right", "top"),
            (7, "right", "bottom"),
            (8, "left", "bottom"),
        ];
        for (tag, row, column) in sides {
            let [a, b, c, d, e, f] = Turn::from_tag(tag).matrix();
            let place = |x: f64, y: f64| (a * x + c * y + e, b * x + d * y + f);
            let side = |(x, y): (f64, f64)| match (x, y) {
                (0.5, 1.0) => "top",
                (0.5, 0.0) => "bottom",
                (0.0, 0.5) => "left",
                (1.0, 0.5) => "right",
                _ => "nowhere",
            };
            // In a PDF the first row of an image is at the top of the unit square, its first column at the left.
            assert_eq!((side(place(0.5, 1.0)), side(place(0.0, 0.5))), (row, column), "orientation {tag}");
        }
    }
}
