//! What runs, opens, fetches, plays, submits or carries something. All of it is left out; the page stays.

use crate::draft::{CONTENT, Draft, FREE, deflated};

const SCRIPT: &str = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";

fn annotation(entries: &str) -> Vec<u8> {
    Draft::new()
        .page("/Annots [6 0 R]")
        .object(FREE, format!("<< /Type /Annot /Rect [0 0 90 90] {entries} >>"))
        .object(FREE + 1, "<< /Type /Filespec /F (a.exe) /EF << /F 8 0 R >> >>")
        .stream(FREE + 2, "/Type /EmbeddedFile", b"MZ")
        .bytes()
}

fn link(action: &str) -> Vec<u8> {
    annotation(&format!("/Subtype /Link /A << {action} >>"))
}

pub(crate) fn script_on_opening() -> Vec<u8> {
    Draft::new().catalog(&format!("/OpenAction {SCRIPT}")).bytes()
}

pub(crate) fn script_on_a_page() -> Vec<u8> {
    Draft::new().page(&format!("/AA << /O {SCRIPT} /C {SCRIPT} >>")).bytes()
}

pub(crate) fn script_on_closing() -> Vec<u8> {
    Draft::new().catalog(&format!("/AA << /WC {SCRIPT} /WP {SCRIPT} >>")).bytes()
}

pub(crate) fn script_by_name() -> Vec<u8> {
    Draft::new().catalog(&format!("/Names << /JavaScript << /Names [(x) {SCRIPT}] >> >>")).bytes()
}

pub(crate) fn script_in_a_field() -> Vec<u8> {
    annotation(&format!("/Subtype /Widget /FT /Tx /T (name) /AA << /K {SCRIPT} /C {SCRIPT} /F {SCRIPT} >>"))
}

pub(crate) fn script_after_a_jump() -> Vec<u8> {
    link(&format!("/S /GoTo /D [3 0 R /Fit] /Next [<< /S /GoTo /D [3 0 R /Fit] /Next {SCRIPT} >>]"))
}

pub(crate) fn script_in_an_outline() -> Vec<u8> {
    Draft::new()
        .catalog("/Outlines 6 0 R")
        .object(FREE, "<< /First 7 0 R /Last 7 0 R >>")
        .object(FREE + 1, format!("<< /Title (x) /Parent 6 0 R /A {SCRIPT} >>"))
        .bytes()
}

pub(crate) fn script_with_escaped_names() -> Vec<u8> {
    Draft::new().catalog("/Open#41ction << /#53 /Java#53cript /J#53 (app.alert\\(1\\)) >>").bytes()
}

pub(crate) fn script_in_a_stream() -> Vec<u8> {
    Draft::new()
        .catalog("/OpenAction << /S /JavaScript /JS 6 0 R >>")
        .stream(FREE, "/Filter /FlateDecode", &deflated(b"app.alert(1)"))
        .bytes()
}

pub(crate) fn script_in_an_object_stream() -> Vec<u8> {
    Draft::new().catalog("/OpenAction 6 0 R").object(FREE, SCRIPT).modern(|_| {})
}

pub(crate) fn script_among_resources() -> Vec<u8> {
    Draft::new()
        .page("/Resources << /XObject << /A 6 0 R /AA << /O 6 0 R >> /JS (x\\(\\)) >> >>")
        .object(FREE, SCRIPT)
        .bytes()
}

pub(crate) fn script_among_the_states_of_a_box() -> Vec<u8> {
    annotation(&format!("/Subtype /Widget /FT /Btn /T (b) /AP << /N << /On {SCRIPT} >> >>"))
}

pub(crate) fn script_in_a_layer() -> Vec<u8> {
    Draft::new()
        .catalog(&format!("/OCProperties << /OCGs [6 0 R] /D << /AS [<< /Event /View >>] /AA {SCRIPT} >> >>"))
        .object(FREE, "<< /Type /OCG /Name (layer) >>")
        .bytes()
}

pub(crate) fn a_program_started_by_a_link() -> Vec<u8> {
    link("/S /Launch /F (cmd.exe) /Win << /F (cmd.exe) /P (/c calc) >>")
}

pub(crate) fn a_web_address() -> Vec<u8> {
    link("/S /URI /URI (https://elsewhere.example/login)")
}

pub(crate) fn a_web_address_as_base() -> Vec<u8> {
    Draft::new().catalog("/URI << /Base (https://elsewhere.example/) >>").bytes()
}

pub(crate) fn a_form_that_is_sent() -> Vec<u8> {
    link("/S /SubmitForm /F << /FS /URL /F (https://elsewhere.example/) >> /Flags 4")
}

pub(crate) fn data_that_are_imported() -> Vec<u8> {
    link("/S /ImportData /F (data.fdf)")
}

pub(crate) fn a_jump_to_another_file() -> Vec<u8> {
    link("/S /GoToR /F (\\\\\\\\server\\\\share\\\\x.pdf) /D [0 /Fit]")
}

pub(crate) fn a_jump_into_an_attachment() -> Vec<u8> {
    link("/S /GoToE /T << /R /C /N (x.pdf) >> /D [0 /Fit]")
}

pub(crate) fn a_command_of_the_viewer() -> Vec<u8> {
    link("/S /Named /N /Print")
}

pub(crate) fn hidden_fields() -> Vec<u8> {
    link("/S /Hide /T (name) /H true")
}

pub(crate) fn a_film() -> Vec<u8> {
    annotation("/Subtype /Movie /Movie << /F 7 0 R >> /A true")
}

pub(crate) fn a_sound() -> Vec<u8> {
    annotation("/Subtype /Sound /Sound 8 0 R")
}

pub(crate) fn rich_media() -> Vec<u8> {
    annotation(
        "/Subtype /RichMedia /RichMediaContent << /Assets << /Names [(a.swf) 7 0 R] >> >> /RichMediaSettings << >>",
    )
}

pub(crate) fn a_screen() -> Vec<u8> {
    annotation("/Subtype /Screen /A << /S /Rendition /OP 0 /R << /S /MR /C << /D 7 0 R >> >> >>")
}

pub(crate) fn a_model() -> Vec<u8> {
    annotation("/Subtype /3D /3DD << /Type /3D /Subtype /U3D /OnInstantiate 8 0 R >>")
}

pub(crate) fn an_attachment_on_the_page() -> Vec<u8> {
    annotation("/Subtype /FileAttachment /FS 7 0 R")
}

pub(crate) fn attachments() -> Vec<u8> {
    Draft::new()
        .catalog("/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >> /AF [6 0 R]")
        .object(FREE, "<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>")
        .stream(FREE + 1, "/Type /EmbeddedFile", b"MZ")
        .bytes()
}

pub(crate) fn a_stream_in_another_file() -> Vec<u8> {
    Draft::new()
        .object(CONTENT, "<< /Length 0 /F (https://elsewhere.example/x) /FFilter /FlateDecode >>\nstream\n\nendstream")
        .bytes()
}

pub(crate) fn a_page_of_another_file() -> Vec<u8> {
    Draft::new()
        .stream(CONTENT, "", b"/F Do")
        .page("/Resources << /XObject << /F 6 0 R >> >>")
        .stream(FREE, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F (x.pdf) /Page 0 >>", b"0 0 m")
        .bytes()
}

pub(crate) fn postscript() -> Vec<u8> {
    Draft::new()
        .stream(CONTENT, "", b"/F Do")
        .page("/Resources << /XObject << /F 6 0 R >> >>")
        .stream(FREE, "/Type /XObject /Subtype /PS", b"(%pipe%id) (r) file")
        .bytes()
}

pub(crate) fn form_in_two_languages() -> Vec<u8> {
    Draft::new()
        .page("/Annots [6 0 R]")
        .catalog("/AcroForm << /Fields [6 0 R] /XFA [(template) 7 0 R] /NeedAppearances true >>")
        .object(FREE, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /Rect [0 0 90 20] >>")
        .stream(FREE + 1, "", b"<xdp/>")
        .bytes()
}

pub(crate) fn form_of_one_program() -> Vec<u8> {
    Draft::new().catalog("/AcroForm << /Fields [] /XFA 6 0 R >>").stream(FREE, "", b"<xdp/>").bytes()
}

pub(crate) fn form_drawn_by_the_viewer() -> Vec<u8> {
    Draft::new().catalog("/NeedsRendering true").bytes()
}

pub(crate) fn an_envelope_of_files() -> Vec<u8> {
    Draft::new().catalog("/Collection << /View /D >>").bytes()
}

pub(crate) fn metadata_and_private_data() -> Vec<u8> {
    Draft::new()
        .catalog("/Metadata 6 0 R /PieceInfo << /X << /Private (secret) >> >>")
        .stream(FREE, "/Type /Metadata /Subtype /XML", b"<x:xmpmeta/>")
        .object(FREE + 1, "<< /Author (somebody) >>")
        .trailer("/Root 1 0 R /Info 7 0 R")
        .bytes()
}
