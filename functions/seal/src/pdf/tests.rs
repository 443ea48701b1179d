use super::compose::compose;
use super::fixtures::{Form, evidence, nested, page_ids, sealing, signature};
use super::layout::{A4, Item, LETTER, Paper, Sheet};
use super::{Evidence, MAX_SIGNATURES, MAX_TEXT, Mark, SealError};
use lopdf::Object;
use proptest::prelude::*;

const FORMS: [Form; 3] = [Form::Table, Form::XrefStream, Form::ObjectStreams];

fn append_evidence(canonical: &[u8], evidence: &Evidence) -> Result<Vec<u8>, SealError> {
    super::append_evidence(canonical, evidence, &sealing(false))
}

fn texts(sheets: &[Sheet]) -> String {
    let mut all = String::new();
    for item in sheets.iter().flat_map(|sheet| &sheet.items) {
        if let Item::Text { text, .. } = item {
            all.push_str(text);
            all.push('\n');
        }
    }
    all
}

fn assert_inside(sheets: &[Sheet]) {
    for sheet in sheets {
        let Paper { width, height } = sheet.paper;
        for item in &sheet.items {
            let (left, top, right, bottom) = match item {
                Item::Text { x, y, width, style, .. } => (*x, y - style.size, x + width, y + style.size * 0.3),
                Item::Bar { x, y, width, height, .. } => (*x, *y, x + width, y + height),
                Item::Strokes { lines } => {
                    let points = || lines.iter().flatten();
                    (
                        points().map(|point| point.0).fold(width, f32::min),
                        points().map(|point| point.1).fold(height, f32::min),
                        points().map(|point| point.0).fold(0.0, f32::max),
                        points().map(|point| point.1).fold(0.0, f32::max),
                    )
                }
            };
            assert!(left >= 0.0 && top >= 0.0, "{item:?}");
            assert!(right <= width && bottom <= height, "{item:?}");
            assert!(!matches!(item, Item::Text { .. }) || right <= width - 50.0, "{item:?}");
        }
    }
}

#[test]
fn the_signed_file_is_a_prefix_and_the_record_follows() {
    for form in FORMS {
        let canonical = nested(form);
        let evidence = evidence(&canonical, 2, vec![signature("Ana Núñez")]);
        let sealed = append_evidence(&canonical, &evidence).unwrap();
        assert_eq!(&sealed[..canonical.len()], canonical, "{form:?}");
        assert_eq!(sealed, append_evidence(&canonical, &evidence).unwrap());
        let (document, pages) = page_ids(&sealed);
        assert_eq!(pages.len(), 3, "{form:?}");
        assert_eq!(document.revision_count(), 2);
        // The counts are true now, at every level.
        let root = document.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
        let root = document.get_dictionary(root).unwrap();
        assert_eq!(root.get(b"Count").unwrap().as_i64().unwrap(), 3);
        let inner = root.get(b"Kids").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        let inner = document.get_dictionary(inner).unwrap();
        assert_eq!(inner.get(b"Count").unwrap().as_i64().unwrap(), 2);
    }
}

#[test]
fn the_record_inherits_nothing_and_changes_no_page() {
    for form in FORMS {
        let canonical = nested(form);
        let sealed = append_evidence(&canonical, &evidence(&canonical, 2, vec![signature("A")])).unwrap();
        let (before, old_pages) = page_ids(&canonical);
        let (after, new_pages) = page_ids(&sealed);
        assert_eq!(&new_pages[..2], old_pages);
        for page in old_pages {
            assert_eq!(before.get_object(page).unwrap(), after.get_object(page).unwrap());
        }
        let record = after.get_dictionary(new_pages[2]).unwrap();
        assert_eq!(record.get(b"Rotate").unwrap().as_i64().unwrap(), 0);
        assert_eq!(record.get(b"MediaBox").unwrap(), record.get(b"CropBox").unwrap());
        assert!(record.has(b"Resources"));
        let trailer = after.trailer.get(b"ID").and_then(Object::as_array).unwrap();
        assert_ne!(trailer[0], trailer[1]);
    }
}

#[test]
fn another_file_than_the_signed_one_is_refused() {
    let canonical = nested(Form::Table);
    let good = evidence(&canonical, 2, vec![signature("A")]);
    let mut other = canonical.clone();
    other.push(b'\n');
    assert_eq!(append_evidence(&other, &good), Err(SealError::OtherDocument));
    let mut pages = good.clone();
    pages.pages = 3;
    assert_eq!(append_evidence(&canonical, &pages), Err(SealError::OtherPages));
    let broken = b"%PDF-1.7\nnothing".to_vec();
    assert_eq!(append_evidence(&broken, &evidence(&broken, 1, vec![])), Err(SealError::Damaged));
}

#[test]
fn evidence_has_bounds() {
    let canonical = nested(Form::Table);
    let many = vec![signature("A"); MAX_SIGNATURES + 1];
    assert_eq!(append_evidence(&canonical, &evidence(&canonical, 2, many)), Err(SealError::TooLarge));
    let long = signature(&"a".repeat(MAX_TEXT + 1));
    assert_eq!(append_evidence(&canonical, &evidence(&canonical, 2, vec![long])), Err(SealError::TooLarge));
    let mut scribble = signature("A");
    scribble.mark = Mark::Drawn(vec![vec![(1, 1); 20_001]]);
    assert_eq!(append_evidence(&canonical, &evidence(&canonical, 2, vec![scribble])), Err(SealError::TooLarge));
}

#[test]
fn everything_that_counts_is_printed() {
    let canonical = nested(Form::Table);
    let mut drawn = signature("Ольга Щербакова");
    drawn.mark = Mark::Drawn(vec![vec![(0, 0), (65_535, 9)], vec![], vec![(7, 7)]]);
    let evidence = evidence(&canonical, 2, vec![signature("Nguyễn Thị Thảo"), drawn]);
    let sheets = compose(&evidence, LETTER);
    assert_inside(&sheets);
    let text = texts(&sheets);
    let hash: String = evidence.document_sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    for expected in [
        "Signature record",
        "pk_7Q2M9C4T",
        &hash,
        "Nguyễn Thị Thảo",
        "Ольга Щербакова",
        "as parent",
        "Signed by drawing",
        "legal authority recorded by the clinic",
        "text of 1 March 2026",
        "2026-05-03 18:04:09 UTC",
        "14:04 EDT",
        "password and a code sent by email",
        "covers every byte of it",
        "Page 1 of",
    ] {
        assert!(text.contains(expected), "{expected} is missing");
    }
}

#[test]
fn a_name_cannot_turn_around_or_vanish() {
    let canonical = nested(Form::Table);
    let evidence = evidence(&canonical, 2, vec![signature("Eve\u{202e}\u{200b}\nMallory 陈")]);
    assert!(texts(&compose(&evidence, A4)).contains("Eve Mallory [U+9648]"));
}

#[test]
fn hebrew_beside_latin_keeps_the_order_of_words() {
    let fonts = super::fonts::Fonts::new();
    let style = super::writing::Style { weight: super::fonts::Weight::Regular, size: 9.0, color: (0, 0, 0) };
    let seen = |line: &str| {
        let pieces = super::writing::pieces(&fonts, line, style);
        pieces.into_iter().map(|piece| piece.text).collect::<Vec<_>>()
    };
    assert_eq!(seen("Dr. שרה כהן PhD"), ["Dr.", "שרה כהן", "PhD"]);
    assert_eq!(seen("שרה כהן 12"), ["12", "שרה כהן"]);
    assert_eq!(seen("Ana  B"), ["Ana  B"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn odd_names_and_many_signers_stay_on_the_page(
        names in proptest::collection::vec("\\PC{0,300}", 0..12),
        strokes in proptest::collection::vec(proptest::collection::vec(any::<(u16, u16)>(), 0..9), 0..5),
    ) {
        let canonical = nested(Form::Table);
        let mut signatures: Vec<_> = names.iter().map(|name| signature(name)).collect();
        if let Some(first) = signatures.first_mut() {
            first.mark = Mark::Drawn(strokes);
        }
        let mut evidence = evidence(&canonical, 2, signatures);
        evidence.title_lines.extend(names);
        let printed = super::printed(canonical.len(), &evidence, &sealing(false)).0;
        assert_inside(&compose(&printed, A4));
        let sheets = compose(&printed, LETTER);
        assert_inside(&sheets);
        let sealed = append_evidence(&canonical, &evidence).unwrap();
        prop_assert!(sealed.starts_with(&canonical));
        prop_assert_eq!(page_ids(&sealed).1.len(), 2 + sheets.len());
    }
}

#[test]
fn every_letter_of_the_families_languages_is_drawn() {
    let letters = [
        // Spanish, Portuguese, French, Haitian Creole; then Polish, Czech, Turkish, Romanian and others.
        '\u{c0}'..='\u{ff}',
        '\u{100}'..='\u{17f}',
        // Greek, with accents.
        '\u{386}'..='\u{3ce}',
        // Russian, Ukrainian, Bulgarian, Serbian.
        '\u{400}'..='\u{45f}',
        '\u{490}'..='\u{491}',
        // Vietnamese: ơ and ư stand by themselves, the rest together.
        '\u{1a0}'..='\u{1b0}',
        '\u{1ea0}'..='\u{1ef9}',
    ];
    let alphabet: String = letters.into_iter().flatten().filter(|letter| letter.is_alphabetic()).collect();
    // As some keyboards send them: letter and accent one after the other.
    let apart = ["Nguye\u{302}\u{303}n Thi\u{323} Tha\u{309}o", "Mari\u{301}a Nu\u{303}n\u{303}ez", "Γιω\u{301}ργος"];
    let fonts = super::fonts::Fonts::new();
    for text in apart.iter().copied().chain([alphabet.as_str(), "Ó'Brien-Łukasz d’Île"]) {
        assert_eq!(fonts.printable(text), text);
        for font in [super::REGULAR, super::BOLD] {
            let face = rustybuzz::Face::from_slice(font, 0).unwrap();
            let mut buffer = rustybuzz::UnicodeBuffer::new();
            buffer.push_str(text);
            buffer.guess_segment_properties();
            let shaped = rustybuzz::shape(&face, &[], buffer);
            assert!(shaped.glyph_infos().iter().all(|glyph| glyph.glyph_id != 0), "{text}");
        }
    }
}

#[test]
fn the_file_is_sealed_as_a_whole_and_says_what_its_pages_say() {
    use pades::{Draft, SealingKey};
    for form in FORMS {
        let canonical = nested(form);
        let mut drawn = signature("Ольга Щербакова");
        drawn.mark = Mark::Drawn(vec![vec![(0, 0), (9, 9)]]);
        let evidence = evidence(&canonical, 2, vec![signature("Ana Núñez"), drawn]);
        let file = append_evidence(&canonical, &evidence).unwrap();
        let chain = sealing(false).chain;
        let draft = Draft::new(file, canonical.len(), &chain).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let key = pades::local::MemoryKey(super::fixtures::key());
        let signature = runtime.block_on(key.sign(draft.digest())).unwrap();
        let sealed = draft.sign(&signature).unwrap().finish(None).unwrap();
        assert_eq!(&sealed[..canonical.len()], canonical);

        let verified = pades::verify(&sealed, Some(&[chain.fingerprint()])).unwrap();
        assert_eq!((verified.pages, verified.record.document.pages), (page_ids(&sealed).1.len(), 2));
        let [first, second] = verified.record.signatures.as_slice() else { panic!("two signatures") };
        assert_eq!((first.signer.as_str(), first.mark.as_str()), ("Ana Núñez", "typed: Ana Núñez"));
        assert!(second.mark.starts_with("drawn: ") && second.mark.len() == 71);
        // Every 61st byte, as the file is longer than patience; `pades` changes every single one of a small file.
        for place in (0..sealed.len()).step_by(61) {
            let mut changed = sealed.clone();
            changed[place] ^= 1 << (place % 8);
            assert!(pades::verify(&changed, None).is_err(), "byte {place} of {}", sealed.len());
        }
    }
}

#[test]
fn the_chain_of_signatures_and_the_kind_of_time_are_printed() {
    let canonical = nested(Form::Table);
    for time_stamp in [false, true] {
        let evidence = evidence(&canonical, 2, vec![signature("A")]);
        let printed = super::printed(canonical.len(), &evidence, &sealing(time_stamp)).0;
        let text = texts(&compose(&printed, LETTER));
        let record = super::statement::record(canonical.len(), &evidence, time_stamp);
        assert!(text.contains(record.chain()), "{text}");
        assert_eq!(text.contains("certified by a time-stamp authority"), time_stamp);
    }
}
