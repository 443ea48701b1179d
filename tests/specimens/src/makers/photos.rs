//! Photographs of paper: what cameras write, and what they do not.

use flate2::Crc;

use crate::draft::{Draft, deflated, zeros};

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [&[0xff, marker], length.as_slice(), body].concat()
}

/// A JPEG of one colour, baseline or progressive, with further segments after its start.
fn jpeg(frame: u8, width: u16, height: u16, more: &[u8]) -> Vec<u8> {
    let quantities = [vec![0], vec![1; 64]].concat();
    let [height_bytes, width_bytes] = [height.to_be_bytes(), width.to_be_bytes()];
    let sides = [&[8], height_bytes.as_slice(), &width_bytes, &[1, 1, 0x11, 0]].concat();
    // One code of one bit each: no difference to the block before, and nothing else in the block.
    let table = |class: u8| [vec![class, 1], vec![0; 15], vec![0]].concat();
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    let scan = if frame == 0xc2 { [1, 1, 0, 0, 0, 0] } else { [1, 1, 0, 0, 63, 0] };
    let bits = if frame == 0xc2 { blocks } else { 2 * blocks };
    let mut coded = vec![0; bits / 8];
    if bits % 8 > 0 {
        coded.push(0xff >> (bits % 8));
    }
    [
        vec![0xff, 0xd8],
        more.to_vec(),
        segment(0xdb, &quantities),
        segment(frame, &sides),
        segment(0xc4, &table(0x00)),
        segment(0xc4, &table(0x10)),
        segment(0xda, &scan),
        coded,
        vec![0xff, 0xd9],
    ]
    .concat()
}

pub(crate) fn photograph() -> Vec<u8> {
    jpeg(0xc0, 640, 480, b"")
}

pub(crate) fn progressive() -> Vec<u8> {
    jpeg(0xc2, 640, 480, b"")
}

/// Taken with a telephone held upright, with the place where it was taken.
pub(crate) fn turned_and_placed() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: u32| {
        [tag.to_be_bytes().to_vec(), kind.to_be_bytes().to_vec(), vec![0, 0, 0, 1], value.to_be_bytes().to_vec()]
            .concat()
    };
    let tiff = [b"MM\0*\0\0\0\x08\0\x02".to_vec(), entry(274, 3, 6 << 16), entry(0x8825, 4, 38), vec![0; 4]].concat();
    let exif = [b"Exif\0\0".to_vec(), tiff, b"GPS 40.7128 N 74.0060 W".to_vec()].concat();
    jpeg(0xc0, 640, 480, &[segment(0xe1, &exif), segment(0xfe, b"by Ana Example")].concat())
}

pub(crate) fn exif_that_points_outside() -> Vec<u8> {
    jpeg(0xc0, 640, 480, &segment(0xe1, b"Exif\0\0II*\0\xff\xff\xff\xff"))
}

pub(crate) fn photograph_with_a_pdf_behind() -> Vec<u8> {
    [photograph(), Draft::new().bytes()].concat()
}

pub(crate) fn photograph_with_a_pdf_in_a_comment() -> Vec<u8> {
    jpeg(0xc0, 640, 480, &segment(0xfe, &Draft::new().bytes()))
}

pub(crate) fn photograph_cut_off() -> Vec<u8> {
    let mut file = photograph();
    file.truncate(file.len() - 40);
    file
}

pub(crate) fn photograph_without_a_picture() -> Vec<u8> {
    [vec![0xff, 0xd8], segment(0xfe, b"nothing"), vec![0xff, 0xd9]].concat()
}

pub(crate) fn photograph_without_sides() -> Vec<u8> {
    jpeg(0xc0, 640, 0, b"")
}

pub(crate) fn photograph_of_four_gigapixels() -> Vec<u8> {
    let mut file = jpeg(0xc0, 8, 8, b"");
    let at = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap_or(0) + 5;
    file.splice(at..at + 4, [0xff, 0xdc, 0xff, 0xdc]);
    file
}

pub(crate) fn photograph_of_a_thousand_scans() -> Vec<u8> {
    let mut file = progressive();
    file.truncate(file.len() - 2);
    for _ in 0..1_000 {
        file.extend(segment(0xda, &[1, 1, 0, 0, 0, 0]));
        file.push(0);
    }
    file.extend([0xff, 0xd9]);
    file
}

pub(crate) fn photograph_without_loss() -> Vec<u8> {
    jpeg(0xc3, 640, 480, b"")
}

fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
    let mut check = Crc::new();
    check.update(name);
    check.update(body);
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
    [length.as_slice(), name, body, &check.sum().to_be_bytes()].concat()
}

fn png(width: u32, height: u32, kind: [u8; 5], data: &[u8]) -> Vec<u8> {
    let sides = [width.to_be_bytes().to_vec(), height.to_be_bytes().to_vec(), kind.to_vec()].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &sides), chunk(b"IDAT", data), chunk(b"IEND", b"")].concat()
}

fn rows(count: usize, bytes: usize) -> Vec<u8> {
    let mut all = Vec::new();
    for row in 0..count {
        all.push(0);
        all.extend((0..bytes).map(|at| (at * 7 + row) as u8));
    }
    deflated(&all)
}

pub(crate) fn picture() -> Vec<u8> {
    png(200, 100, [8, 2, 0, 0, 0], &rows(100, 600))
}

pub(crate) fn picture_of_a_fax() -> Vec<u8> {
    png(200, 100, [1, 0, 0, 0, 0], &rows(100, 25))
}

pub(crate) fn picture_that_lets_through() -> Vec<u8> {
    png(200, 100, [8, 6, 0, 0, 0], &rows(100, 800))
}

pub(crate) fn picture_in_sixteen_bits() -> Vec<u8> {
    png(200, 100, [16, 0, 0, 0, 0], &rows(100, 400))
}

/// Seven passes (PNG, 8.2) over a picture of eight by eight points.
pub(crate) fn picture_in_passes() -> Vec<u8> {
    let passes = [(1, 1), (1, 1), (1, 2), (2, 2), (2, 4), (4, 4), (4, 8)];
    let data: Vec<u8> =
        passes.iter().flat_map(|(rows, bytes)| [vec![0], vec![100; *bytes]].concat().repeat(*rows)).collect();
    png(8, 8, [8, 0, 0, 0, 1], &deflated(&data))
}

pub(crate) fn picture_of_a_million_by_a_million() -> Vec<u8> {
    png(1_000_000, 1_000_000, [8, 2, 0, 0, 0], &zeros(1))
}

pub(crate) fn picture_of_two_hundred_million() -> Vec<u8> {
    png(14_000, 14_000, [8, 6, 0, 0, 0], &zeros(200))
}

pub(crate) fn picture_larger_than_it_says() -> Vec<u8> {
    png(10, 10, [8, 0, 0, 0, 0], &zeros(500))
}

pub(crate) fn picture_that_is_short() -> Vec<u8> {
    png(200, 100, [8, 2, 0, 0, 0], &rows(3, 600))
}

pub(crate) fn picture_with_a_wrong_check() -> Vec<u8> {
    let mut file = picture();
    let at = file.len() - 20;
    file[at] ^= 1;
    file
}

pub(crate) fn picture_with_a_text_bomb() -> Vec<u8> {
    let body = [b"Comment\0\0".to_vec(), zeros(300)].concat();
    let file = picture();
    [&file[..33], &chunk(b"zTXt", &body), &file[33..]].concat()
}
