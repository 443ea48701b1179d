//! PDFs written byte by byte: no library decides what they are.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Catalog, page tree, page, content and font of [`Draft::new`]. Further objects begin at [`FREE`].
pub(crate) const CATALOG: u32 = 1;
/// The root of the page tree.
pub(crate) const PAGES: u32 = 2;
/// The only page.
pub(crate) const PAGE: u32 = 3;
/// What the page draws.
pub(crate) const CONTENT: u32 = 4;
/// The first number that is free.
pub(crate) const FREE: u32 = 6;

/// A file under construction: one page that says "Consent", until something is changed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    objects: BTreeMap<u32, Vec<u8>>,
    trailer: String,
}

impl Draft {
    pub(crate) fn new() -> Self {
        let draft = Self { objects: BTreeMap::new(), trailer: "/Root 1 0 R".to_owned() };
        draft
            .catalog("")
            .object(PAGES, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .page("")
            .stream(CONTENT, "", b"BT /F1 18 Tf 72 720 Td (Consent) Tj ET")
            .object(5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    }

    /// Puts an object, in place of the one that has its number.
    pub(crate) fn object(mut self, number: u32, body: impl AsRef<[u8]>) -> Self {
        self.objects.insert(number, body.as_ref().to_vec());
        self
    }

    /// Puts a stream with an honest length.
    pub(crate) fn stream(self, number: u32, entries: &str, data: &[u8]) -> Self {
        let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(number, body)
    }

    /// The catalog, with further entries.
    pub(crate) fn catalog(self, entries: &str) -> Self {
        self.object(CATALOG, format!("<< /Type /Catalog /Pages 2 0 R {entries} >>"))
    }

    /// The page on letter paper, with further entries.
    pub(crate) fn page(self, entries: &str) -> Self {
        self.sheet(&format!("/MediaBox [0 0 612 792] {entries}"))
    }

    /// The page without a size of its own.
    pub(crate) fn sheet(self, entries: &str) -> Self {
        self.object(
            PAGE,
            format!(
                "<< /Type /Page /Parent 2 0 R /Contents 4 0 R \
                 /Resources << /Font << /F1 5 0 R >> >> {entries} >>"
            ),
        )
    }

    /// What the trailer says beside the size.
    pub(crate) fn trailer(mut self, entries: &str) -> Self {
        entries.clone_into(&mut self.trailer);
        self
    }

    /// The file with a plain cross-reference table.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let table = self.body(&mut file);
        let start = file.len();
        let size = self.objects.keys().max().map_or(1, |last| last + 1);
        let text = format!(
            "xref\n0 1\n0000000000 65535 f \n{table}trailer\n<< /Size {size} {} >>\nstartxref\n{start}\n%%EOF\n",
            self.trailer
        );
        file.extend(text.into_bytes());
        file
    }

    /// `file` and an incremental update with these objects. `more` goes into the trailer.
    pub(crate) fn update(&self, mut file: Vec<u8>, more: &str) -> Vec<u8> {
        let previous = last_start(&file);
        let table = self.body(&mut file);
        let start = file.len();
        let text = format!(
            "xref\n{table}trailer\n<< /Size 50 {} /Prev {previous} {more} >>\nstartxref\n{start}\n%%EOF\n",
            self.trailer
        );
        file.extend(text.into_bytes());
        file
    }

    /// The file with its dictionaries in an object stream and a cross-reference stream, as most programs write today.
    /// `lie` may change the index, the object stream's entries and the table's entries before they are written.
    pub(crate) fn modern(&self, lie: impl FnOnce(&mut Modern)) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut modern = Modern::default();
        let last = self.objects.keys().max().copied().unwrap_or(0);
        let (container, table) = (last + 1, last + 2);
        let mut rows = vec![(0, 0, 65_535)];
        for number in 1..=last {
            let Some(body) = self.objects.get(&number) else {
                rows.push((0, 0, 0));
                continue;
            };
            if body.windows(6).any(|word| word == b"stream") {
                rows.push((1, file.len(), 0));
                write_object(&mut file, number, body);
            } else {
                rows.push((2, container as usize, modern.index.len() as u32));
                modern.index.push((number, modern.members.len()));
                modern.members.extend_from_slice(body);
                modern.members.push(b'\n');
            }
        }
        modern.rows = rows;
        modern.rows.push((1, file.len(), 0));
        modern.count = modern.index.len() as i64;
        lie(&mut modern);
        let index: String = modern.index.iter().map(|(number, at)| format!("{number} {at} ")).collect();
        let data = deflated(&[index.as_bytes(), &modern.members].concat());
        let entries =
            format!("/Type /ObjStm /Filter /FlateDecode /N {} /First {} {}", modern.count, index.len(), modern.entries);
        let body = Self::new().stream(container, &entries, &data).objects.remove(&container).unwrap_or_default();
        write_object(&mut file, container, &body);
        let start = file.len();
        modern.rows.push((1, start, 0));
        let data: Vec<u8> = modern
            .rows
            .iter()
            .flat_map(|(kind, second, third)| {
                let (second, third) = (u32::try_from(*second).unwrap_or(u32::MAX).to_be_bytes(), third.to_be_bytes());
                [vec![*kind], second.to_vec(), third[2..].to_vec()].concat()
            })
            .collect();
        let entries = format!("/Type /XRef /W [1 4 2] /Size {} {} {}", table + 1, self.trailer, modern.table_entries);
        let body = Self::new().stream(table, &entries, &data).objects.remove(&table).unwrap_or_default();
        write_object(&mut file, table, &body);
        file.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
        file
    }

    /// Writes the objects and returns the rows of their table, one section each.
    fn body(&self, file: &mut Vec<u8>) -> String {
        let mut table = String::new();
        for (number, body) in &self.objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", file.len());
            write_object(file, *number, body);
        }
        table
    }

    /// Nothing yet: for the objects of an update.
    pub(crate) fn empty() -> Self {
        Self { objects: BTreeMap::new(), trailer: "/Root 1 0 R".to_owned() }
    }
}

/// What a file with an object stream says about itself.
#[derive(Debug, Default)]
pub(crate) struct Modern {
    /// Number and offset of each member.
    pub(crate) index: Vec<(u32, usize)>,
    /// The members' text.
    pub(crate) members: Vec<u8>,
    /// How many members the stream claims.
    pub(crate) count: i64,
    /// Further entries of the object stream.
    pub(crate) entries: String,
    /// Rows of the table: kind, offset or container, generation or place.
    pub(crate) rows: Vec<(u8, usize, u32)>,
    /// Further entries of the table.
    pub(crate) table_entries: String,
}

fn write_object(file: &mut Vec<u8>, number: u32, body: &[u8]) {
    file.extend(format!("{number} 0 obj\n").into_bytes());
    file.extend_from_slice(body);
    file.extend_from_slice(b"\nendobj\n");
}

/// Where the last cross-reference section of a file begins.
pub(crate) fn last_start(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    let after = text.rsplit("startxref\n").next().unwrap_or_default();
    after.lines().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The file with the first `old` replaced.
pub(crate) fn replaced(mut file: Vec<u8>, old: &str, new: &str) -> Vec<u8> {
    let at = file.windows(old.len()).position(|window| window == old.as_bytes());
    let at = at.unwrap_or_else(|| panic!("the file lacks {old}"));
    file.splice(at..at + old.len(), new.bytes());
    file
}

/// `data`, deflated.
pub(crate) fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap_or_default();
    encoder.finish().unwrap_or_default()
}

/// `megabytes` of zero bytes, deflated.
pub(crate) fn zeros(megabytes: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let chunk = vec![0; 1 << 20];
    for _ in 0..megabytes {
        encoder.write_all(&chunk).unwrap_or_default();
    }
    encoder.finish().unwrap_or_default()
}

/// A file of plain text of [`Draft::new`] whose bytes have moved, with a table that is true again.
pub(crate) fn with_true_table(file: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let body = text.rsplit_once("\nxref\n").map_or(text.as_ref(), |(body, _)| body);
    let mut table = String::new();
    for number in 1..FREE {
        let at = body.find(&format!("\n{number} 0 obj")).map_or(0, |at| at + 1);
        table += &format!("{at:010} 00000 n \n");
    }
    let start = body.len() + 1;
    let tail = format!("trailer\n<< /Size {FREE} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    format!("{body}\nxref\n0 {FREE}\n0000000000 65535 f \n{table}{tail}").into_bytes()
}
