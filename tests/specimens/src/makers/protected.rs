//! Locked, signed, certified.

use crate::draft::{Draft, FREE};

const LOCK: &str = "/Filter /Standard /V 1 /R 2 /P -4 /O (01234567890123456789012345678901) \
                    /U (01234567890123456789012345678901)";

pub(crate) fn locked() -> Vec<u8> {
    Draft::new().object(FREE, format!("<< {LOCK} >>")).trailer("/Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>]").bytes()
}

pub(crate) fn locked_by_an_escaped_name() -> Vec<u8> {
    Draft::new().object(FREE, format!("<< {LOCK} >>")).trailer("/Root 1 0 R /#45ncryp#74 6 0 R /ID [<00> <00>]").bytes()
}

pub(crate) fn locked_with_aes() -> Vec<u8> {
    let lock = "<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O (x) /U (x) /OE (x) /UE (x) /Perms (x) \
                /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF >>";
    Draft::new().object(FREE, lock).trailer("/Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>]").bytes()
}

pub(crate) fn locked_for_some_people() -> Vec<u8> {
    let lock = "<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Recipients [(x)] >>";
    Draft::new().object(FREE, lock).trailer("/Root 1 0 R /Encrypt 6 0 R").bytes()
}

pub(crate) fn locked_in_a_later_revision() -> Vec<u8> {
    Draft::empty().object(FREE, format!("<< {LOCK} >>")).update(Draft::new().bytes(), "/Encrypt 6 0 R")
}

fn form(field: &str, signature: &str) -> Draft {
    Draft::new()
        .page("/Annots [6 0 R]")
        .catalog("/AcroForm << /Fields [6 0 R] /SigFlags 3 >>")
        .object(FREE, format!("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [0 0 0 0] {field} >>"))
        .object(FREE + 1, signature)
}

const SIGNATURE: &str =
    "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <00> >>";

pub(crate) fn signed() -> Vec<u8> {
    form("/V 7 0 R", SIGNATURE).bytes()
}

pub(crate) fn signed_in_an_object_stream() -> Vec<u8> {
    form("/V 7 0 R", SIGNATURE).modern(|_| {})
}

pub(crate) fn time_stamped() -> Vec<u8> {
    let stamp = "<< /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /Contents <00> /ByteRange [0 10 20 30] >>";
    form("/V 7 0 R", stamp).bytes()
}

pub(crate) fn a_field_for_a_signature() -> Vec<u8> {
    form("", "null").bytes()
}

pub(crate) fn certified() -> Vec<u8> {
    form("/V 7 0 R", SIGNATURE).catalog("/AcroForm << /Fields [6 0 R] >> /Perms << /DocMDP 7 0 R >>").bytes()
}

pub(crate) fn certified_without_a_field() -> Vec<u8> {
    Draft::new().catalog("/Perms << /DocMDP 6 0 R >>").object(FREE, "null").bytes()
}

pub(crate) fn rights_of_a_reader() -> Vec<u8> {
    Draft::new().catalog("/Perms << /UR3 6 0 R >>").object(FREE, SIGNATURE).bytes()
}
