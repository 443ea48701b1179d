//! What may enter a canonical PDF.
//!
//! Where the format is closed (catalog, page, form, annotation types, stream
//! filters) the rule is a list of what stays. In between, where any dictionary
//! may occur, everything stays but what can run, open, fetch, play or submit.
//!
//! Links to web addresses go as well. The printed text stays, but a link can
//! show one address and open another, and a document that the portal calls
//! checked must not send a parent somewhere nobody has looked at.

use lopdf::{Dictionary, Document, Object};

/// Catalog entries that are copied as they are; `Pages` and `AcroForm` are
/// built anew and `Names` keeps only its destinations.
pub(super) const CATALOG: [&[u8]; 8] =
    [b"PageLabels", b"Dests", b"Outlines", b"StructTreeRoot", b"MarkInfo", b"Lang", b"OCProperties", b"OutputIntents"];

/// Form entries that stay. `XFA`, `NeedAppearances` (it lets each viewer draw
/// the fields its own way after signing), `SigFlags` and the calculation order
/// go.
pub(super) const FORM: [&[u8]; 4] = [b"Fields", b"DR", b"DA", b"Q"];

/// Page entries that stay; `Parent` and `Annots` are built anew.
pub(super) const PAGE: [&[u8]; 13] = [
    b"Type",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Rotate",
    b"UserUnit",
    b"Contents",
    b"Group",
    b"StructParents",
    b"Tabs",
];

/// Annotation types that stay: those that are only looked at or filled in.
const ANNOTATIONS: [&[u8]; 18] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Popup",
    b"Widget",
    b"Redact",
];

/// Actions that go: all but a jump inside the document.
const ACTIONS: [&[u8]; 18] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"GoTo3DView",
    b"URI",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"RichMediaExecute",
    b"Named",
    b"Hide",
    b"SetOCGState",
    b"Thread",
];

/// `Type` or `Subtype` of dictionaries that go wherever they are.
const FOREIGN: [&[u8]; 13] = [
    b"Metadata",
    b"Filespec",
    b"EmbeddedFile",
    b"FileAttachment",
    b"RichMedia",
    b"Screen",
    b"Movie",
    b"Sound",
    b"3D",
    b"Rendition",
    b"Projection",
    b"PS",
    b"Collection",
];

/// Keys that go wherever they are, except as names of resources.
const KEYS: [&[u8]; 24] = [
    b"AA",
    b"OpenAction",
    b"JS",
    b"JavaScript",
    b"XFA",
    b"EmbeddedFiles",
    b"EF",
    b"AF",
    b"PA",
    b"URI",
    b"URIActions",
    b"RichMediaContent",
    b"RichMediaSettings",
    b"Renditions",
    b"Metadata",
    b"PieceInfo",
    b"Perms",
    b"Legal",
    b"DSS",
    b"OPI",
    b"Alternates",
    b"PresSteps",
    b"NeedAppearances",
    b"Collection",
];

/// Keys of a stream that point to data outside of the file, or take the place
/// of what is drawn.
pub(super) const STREAM_KEYS: [&[u8]; 6] = [b"F", b"FFilter", b"FDecodeParms", b"Ref", b"PS", b"DL"];

/// Keys whose value names things freely, so that its keys mean nothing.
const MAPS: [&[u8]; 14] = [
    b"Font",
    b"XObject",
    b"ExtGState",
    b"ColorSpace",
    b"Pattern",
    b"Shading",
    b"Properties",
    b"CharProcs",
    b"Colorants",
    b"ClassMap",
    b"RoleMap",
    b"Dests",
    // The states of a check box or radio button, rolled over and not: a form
    // that asks for the state of residence has one called PA.
    b"N",
    b"R",
];

/// Stream filters of the standard. `Crypt` and anything unknown is refused,
/// since viewers would disagree about what the stream shows.
pub(super) const FILTERS: [&[u8]; 9] = [
    b"FlateDecode",
    b"LZWDecode",
    b"ASCII85Decode",
    b"ASCIIHexDecode",
    b"RunLengthDecode",
    b"DCTDecode",
    b"JPXDecode",
    b"CCITTFaxDecode",
    b"JBIG2Decode",
];

/// Whether a dictionary must not be copied, wherever it is.
pub(super) fn is_denied(dictionary: &Dictionary) -> bool {
    let named = |key: &[u8], list: &[&[u8]]| name_of(dictionary, key).is_some_and(|name| list.contains(&name));
    named(b"S", &ACTIONS) || named(b"Subtype", &FOREIGN) || named(b"Type", &FOREIGN)
}

/// Whether an entry goes. `map` tells that the dictionary names resources.
pub(super) fn is_dropped(key: &[u8], value: &Object, map: bool, source: &Document) -> bool {
    let value = source.dereference(value).map_or(&Object::Null, |(_, value)| value);
    if map {
        // Resources are never plain text, but scripts may be.
        return matches!(value, Object::String(..));
    }
    match key {
        // An action, as opposed to the attributes of a structure element.
        b"A" => value.as_dict().is_ok_and(|action| action.has(b"S") && name_of(action, b"S") != Some(b"GoTo")),
        // Rules that switch layers on and off by themselves (on print, by
        // zoom); the name of an appearance has the same key.
        b"AS" => matches!(value, Object::Array(_)),
        _ => KEYS.contains(&key),
    }
}

/// Whether the value of `key` is a map of freely chosen names.
pub(super) fn is_map(key: &[u8]) -> bool {
    MAPS.contains(&key)
}

/// Whether an annotation of a page stays.
pub(super) fn keeps_annotation(annotation: &Dictionary) -> bool {
    name_of(annotation, b"Subtype").is_some_and(|name| ANNOTATIONS.contains(&name))
}

/// Whether a dictionary is a digital signature, filled in.
pub(super) fn is_signature(dictionary: &Dictionary) -> bool {
    let typed = name_of(dictionary, b"Type").is_some_and(|name| name == b"Sig" || name == b"DocTimeStamp");
    dictionary.has(b"ByteRange") || (typed && dictionary.has(b"Contents"))
}

/// The name at `key`, if it is one.
pub(super) fn name_of<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get(key).and_then(Object::as_name).ok()
}
