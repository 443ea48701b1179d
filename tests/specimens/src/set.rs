//! The set.

use hearth::domain::document::RefusalCode::{
    self, Ambiguous, Damaged, DynamicForm, Encrypted, NoPages, NotAPdf, Portfolio, SignedAlready, TooComplex, TooLarge,
    TooManyPages,
};

use crate::makers::{active, bombs, changes, photos, protected, shapes, tables, trees};

/// A file and what intake must say to it.
#[derive(Debug)]
pub struct Specimen {
    /// What it is.
    pub name: &'static str,
    /// Writes it.
    pub make: fn() -> Vec<u8>,
    /// What intake must say.
    pub expected: Expected,
}

/// What intake must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It becomes a canonical file with these pages, in which nothing active is left, and which can be sealed.
    Accepted {
        /// Pages.
        pages: u32,
    },
    /// It is refused for this reason.
    Refused(RefusalCode),
}

impl Specimen {
    /// Its name as that of a file.
    #[must_use]
    pub fn file_name(&self) -> String {
        let letter = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
        format!("{}.pdf", self.name.chars().map(letter).collect::<String>())
    }
}

const fn yes(name: &'static str, pages: u32, make: fn() -> Vec<u8>) -> Specimen {
    Specimen { name, make, expected: Expected::Accepted { pages } }
}

const fn no(name: &'static str, refusal: RefusalCode, make: fn() -> Vec<u8>) -> Specimen {
    Specimen { name, make, expected: Expected::Refused(refusal) }
}

/// All specimens.
#[rustfmt::skip]
pub const SET: &[Specimen] = &[
    // Ordinary files and their edges.
    yes("one page, plain table", 1, shapes::plain),
    yes("object stream and cross-reference stream", 1, shapes::modern),
    yes("page turned", 1, shapes::rotated),
    yes("page turned backwards more than once", 1, shapes::rotated_backwards),
    yes("page cropped", 1, shapes::cropped),
    yes("crop box larger than the paper", 1, shapes::cropped_beyond_the_paper),
    yes("paper whose corner is not at zero", 1, shapes::shifted_origin),
    yes("paper with its corners swapped", 1, shapes::corners_swapped),
    yes("paper size behind references", 1, shapes::indirect_box),
    yes("page in larger units", 1, shapes::enlarged),
    yes("200 pages", 200, shapes::two_hundred_pages),
    yes("24 MB scan", 1, shapes::a_scan_of_24_megabytes),
    yes("object in one section, rows from zero", 1, tables::one_section_of_rows),
    yes("lines that end in carriage returns", 1, tables::carriage_returns),
    yes("comments between everything", 1, tables::comments_everywhere),
    yes("names spelled with escapes", 1, tables::names_with_escapes),
    yes("web page in a comment", 1, shapes::a_web_page_in_a_comment),
    yes("program in a stream that no page needs", 1, shapes::a_program_in_a_stream),
    yes("archive behind the end", 1, shapes::an_archive_behind),
    yes("laid out for the web", 1, changes::laid_out_for_the_web),
    yes("changed once", 1, changes::changed_once),
    yes("page added by a later revision", 2, changes::a_page_that_came_later),
    yes("second catalog that nothing needs", 1, changes::a_second_catalog),
    yes("contents kept for a later change", 1, changes::contents_that_wait_for_their_turn),
    yes("layer that is seen on paper only", 1, changes::a_layer_for_the_printer),
    // Bounds.
    no("empty", NotAPdf, shapes::nothing),
    no("header and nothing else", Damaged, shapes::only_a_header),
    no("text", NotAPdf, shapes::a_letter),
    no("web page", NotAPdf, shapes::a_web_page),
    no("one byte larger than 25 MB", TooLarge, shapes::one_byte_too_large),
    no("47 MB", TooLarge, shapes::forty_seven_megabytes),
    no("500 pages", TooManyPages, shapes::five_hundred_pages),
    no("two million values", TooComplex, bombs::two_million_values),
    no("300,000 objects", TooComplex, bombs::three_hundred_thousand_objects),
    no("changed a hundred times", TooComplex, changes::changed_a_hundred_times),
    // Two files in one.
    no("line end before the header", NotAPdf, shapes::a_line_end_in_front),
    no("web page before the header", NotAPdf, shapes::a_web_page_in_front),
    no("picture before the header", NotAPdf, shapes::a_picture_in_front),
    yes("two files, one behind the other", 1, changes::two_files_in_one),
    no("revision that the last table forgets", Damaged, changes::a_revision_that_is_not_linked),
    // Boxes.
    no("page turned by 45 degrees", Damaged, shapes::rotated_askew),
    no("crop box beside the paper", Damaged, shapes::cropped_elsewhere),
    no("no paper size", Damaged, shapes::without_a_box),
    no("paper of no area", Damaged, shapes::box_of_no_area),
    no("paper of three sides", Damaged, shapes::box_of_three_sides),
    no("paper size in words", Damaged, shapes::box_of_words),
    no("paper size beyond numbers", Damaged, shapes::box_beyond_numbers),
    no("paper size behind references in a circle", Damaged, trees::references_in_a_circle),
    // Page trees.
    yes("page count of none", 1, trees::count_of_none),
    yes("page count of a billion", 1, trees::count_of_a_billion),
    yes("page count below zero", 1, trees::count_below_zero),
    yes("page tree of thirty levels", 1, trees::thirty_levels),
    no("page tree of 4,000 levels", TooComplex, trees::four_thousand_levels),
    no("page tree that is its own child", Damaged, trees::the_tree_is_its_own_child),
    no("two nodes that hold each other", Damaged, trees::two_nodes_hold_each_other),
    no("same page twice", Damaged, trees::one_page_twice),
    no("same page 300,000 times", TooManyPages, trees::many_children_that_are_the_same),
    no("page that is missing", Damaged, trees::a_child_that_is_missing),
    no("page that is a number", Damaged, trees::a_child_that_is_a_number),
    no("page without a number of its own", Damaged, trees::a_child_in_place),
    no("page with pages below it", Ambiguous, trees::a_page_with_children),
    no("node without a type", Ambiguous, trees::a_node_without_a_type),
    no("no pages", NoPages, trees::no_children),
    no("pages that are a text", Damaged, trees::children_that_are_a_word),
    no("catalog that is a page", Damaged, trees::the_catalog_is_the_page),
    no("catalog that is missing", Damaged, trees::no_catalog),
    no("trailer without a catalog", Damaged, trees::no_root),
    // Loops and nesting.
    yes("picture that draws itself", 1, trees::a_picture_that_draws_itself),
    yes("outline without end", 1, trees::an_outline_without_end),
    yes("fields in a circle", 1, trees::fields_in_a_circle),
    yes("chain of 50,000 links", 1, trees::a_chain_of_fifty_thousand_links),
    yes("resources sixty levels deep", 1, trees::resources_in_resources),
    yes("annotations that are a reference to itself", 1, trees::a_reference_to_itself),
    no("arrays 400,000 levels deep", Damaged, trees::arrays_in_arrays),
    no("dictionaries 200,000 levels deep", TooComplex, trees::dictionaries_in_dictionaries),
    no("brackets a million levels deep", Damaged, trees::brackets_in_a_text),
    // Streams.
    no("length that is the stream itself", Damaged, trees::a_length_that_is_the_stream),
    no("lengths in a circle", Damaged, trees::lengths_in_a_circle),
    yes("length beyond the file", 1, trees::a_length_beyond_the_file),
    no("length below zero", Damaged, trees::a_length_below_zero),
    no("contents that are a dictionary", Damaged, trees::contents_that_are_a_dictionary),
    yes("damaged contents", 1, bombs::damaged_data),
    yes("photograph that is none", 1, bombs::an_image_that_is_none),
    no("unknown filter", Damaged, bombs::an_unknown_filter),
    no("filter that decrypts", Damaged, bombs::a_filter_that_decrypts),
    // Bombs.
    yes("bomb that no page needs", 1, bombs::zeros_that_nothing_needs),
    no("bomb in the contents", TooComplex, bombs::zeros_in_the_content),
    no("bomb in a bomb", TooComplex, bombs::zeros_in_zeros),
    no("bomb in eight parts", TooComplex, bombs::zeros_in_many_parts),
    no("bomb of repeated bytes", TooComplex, bombs::runs_of_zeros),
    no("bomb in hexadecimal", TooComplex, bombs::zeros_in_hexadecimal),
    no("bomb in an object stream", TooComplex, bombs::zeros_in_an_object_stream),
    no("twenty-one filters", TooComplex, bombs::twenty_filters),
    no("predictor with rows of a gigabyte", TooComplex, bombs::rows_of_a_gigabyte),
    no("predictor with rows below zero", Damaged, bombs::rows_below_zero),
    no("picture of a million by a million points", TooComplex, bombs::a_picture_of_a_terapixel),
    no("picture whose sides overflow", TooComplex, bombs::a_picture_whose_sides_overflow),
    no("one array under 9,000 numbers", TooComplex, bombs::one_array_under_many_numbers),
    no("400,000 arrays that never end", TooComplex, bombs::arrays_that_never_end),
    no("400,000 streams that never end", TooComplex, bombs::streams_that_never_end),
    no("400,000 texts that never end", TooComplex, bombs::texts_that_never_end),
    no("200,000 object streams that never end", TooComplex, bombs::object_streams_that_never_end),
    no("streams that hold each other", TooComplex, bombs::streams_that_hold_each_other),
    // Tables.
    no("no end mark", Damaged, tables::no_end_mark),
    no("no table", Damaged, tables::no_table_at_all),
    no("cut off in the middle", Damaged, tables::cut_off),
    yes("a mebibyte of nothing behind the end", 1, tables::a_mebibyte_of_nothing_behind),
    no("table at zero", Damaged, tables::the_start_is_zero),
    no("table beyond the file", Damaged, tables::the_start_is_beyond_the_file),
    no("table below zero", Damaged, tables::the_start_is_below_zero),
    yes("previous table that is this one", 1, tables::the_previous_table_is_this_one),
    yes("two tables in a circle", 1, tables::two_tables_in_a_circle),
    no("previous table that is text", Damaged, tables::the_previous_table_is_text),
    yes("table of a hundred million rows", 1, tables::a_table_of_a_hundred_million_rows),
    no("rows from four billion on", Damaged, tables::rows_from_four_billion),
    no("rows below zero", Damaged, tables::rows_below_zero),
    yes("rows of nineteen bytes", 1, tables::rows_of_nineteen_bytes),
    yes("size of a trillion", 1, tables::a_size_of_a_trillion),
    yes("size of none", 1, tables::a_size_of_none),
    yes("object with the largest number", 1, tables::an_object_with_the_largest_number),
    no("object with an impossible number", Damaged, tables::an_object_with_an_impossible_number),
    no("row that points to another object", Damaged, tables::a_row_that_points_to_another_object),
    no("row that points into a stream", Damaged, tables::a_row_that_points_into_a_stream),
    no("table with columns of a gigabyte", Damaged, tables::a_table_with_columns_of_a_gigabyte),
    no("table with columns below zero", Damaged, tables::a_table_with_columns_below_zero),
    no("table of rows without width", Damaged, tables::a_table_of_rows_without_width),
    no("table of a trillion numbers", Damaged, tables::a_table_that_indexes_a_trillion),
    no("hybrid, with rows that can contradict", Ambiguous, tables::hybrid_with_rows),
    yes("hybrid, as a word processor writes it", 1, tables::hybrid_with_an_empty_table),
    no("hybrid in a circle", Damaged, tables::hybrid_in_a_circle),
    // Object streams.
    no("object stream that claims a million members", Ambiguous, tables::more_members_than_there_are),
    no("object stream with members below zero", Ambiguous, tables::members_below_zero),
    no("object stream whose members overlap", Damaged, tables::members_that_overlap),
    no("object stream whose members are outside", Damaged, tables::members_beyond_the_stream),
    no("object stream whose members are beyond numbers", Damaged, tables::members_beyond_numbers),
    yes("object stream that disagrees with the table", 1, tables::table_and_stream_disagree),
    no("object stream that holds itself", Damaged, tables::an_object_stream_in_itself),
    yes("object stream that extends itself", 1, tables::an_object_stream_that_extends_itself),
    // Locked and signed.
    no("password", Encrypted, protected::locked),
    no("password under an escaped name", Encrypted, protected::locked_by_an_escaped_name),
    no("password, AES-256", Encrypted, protected::locked_with_aes),
    no("locked for the owners of certificates", Encrypted, protected::locked_for_some_people),
    no("locked by a later revision", Encrypted, protected::locked_in_a_later_revision),
    no("signed", SignedAlready, protected::signed),
    no("signed, in an object stream", SignedAlready, protected::signed_in_an_object_stream),
    no("document time stamp", SignedAlready, protected::time_stamped),
    no("certified", SignedAlready, protected::certified),
    no("certified without a field", SignedAlready, protected::certified_without_a_field),
    yes("field for a signature", 1, protected::a_field_for_a_signature),
    yes("usage rights of one program", 1, protected::rights_of_a_reader),
    // What runs, opens, fetches, plays or carries something goes; the page stays.
    yes("script on opening", 1, active::script_on_opening),
    yes("script on closing", 1, active::script_on_closing),
    yes("script on a page", 1, active::script_on_a_page),
    yes("script by name", 1, active::script_by_name),
    yes("script in a field", 1, active::script_in_a_field),
    yes("script after a jump", 1, active::script_after_a_jump),
    yes("script in an outline", 1, active::script_in_an_outline),
    yes("script with escaped names", 1, active::script_with_escaped_names),
    yes("script in a stream", 1, active::script_in_a_stream),
    yes("script in an object stream", 1, active::script_in_an_object_stream),
    yes("script among resources", 1, active::script_among_resources),
    yes("script among the states of a box", 1, active::script_among_the_states_of_a_box),
    yes("script in a layer", 1, active::script_in_a_layer),
    yes("program started by a link", 1, active::a_program_started_by_a_link),
    yes("web address", 1, active::a_web_address),
    yes("web address as base of all links", 1, active::a_web_address_as_base),
    yes("form that is sent to an address", 1, active::a_form_that_is_sent),
    yes("data that are imported", 1, active::data_that_are_imported),
    yes("jump to another file", 1, active::a_jump_to_another_file),
    yes("jump into an attachment", 1, active::a_jump_into_an_attachment),
    yes("command to the viewer", 1, active::a_command_of_the_viewer),
    yes("fields that hide", 1, active::hidden_fields),
    yes("film", 1, active::a_film),
    yes("sound", 1, active::a_sound),
    yes("rich media", 1, active::rich_media),
    yes("screen", 1, active::a_screen),
    yes("model in three dimensions", 1, active::a_model),
    yes("attachment on the page", 1, active::an_attachment_on_the_page),
    yes("attachments of the document", 1, active::attachments),
    yes("stream in another file", 1, active::a_stream_in_another_file),
    yes("page of another file", 1, active::a_page_of_another_file),
    yes("PostScript", 1, active::postscript),
    yes("metadata and private data", 1, active::metadata_and_private_data),
    yes("form in XFA and AcroForm", 1, active::form_in_two_languages),
    no("form in XFA only", DynamicForm, active::form_of_one_program),
    no("form that the viewer draws", DynamicForm, active::form_drawn_by_the_viewer),
    no("envelope of files", Portfolio, active::an_envelope_of_files),
    // Photographs of paper become a page.
    yes("photograph", 1, photos::photograph),
    yes("photograph, progressive", 1, photos::progressive),
    yes("photograph taken upright, with its place", 1, photos::turned_and_placed),
    yes("photograph whose EXIF points outside", 1, photos::exif_that_points_outside),
    yes("photograph with a PDF behind it", 1, photos::photograph_with_a_pdf_behind),
    yes("photograph with a PDF in a comment", 1, photos::photograph_with_a_pdf_in_a_comment),
    no("photograph cut off", Damaged, photos::photograph_cut_off),
    no("photograph without a picture", Damaged, photos::photograph_without_a_picture),
    no("photograph without sides", Damaged, photos::photograph_without_sides),
    no("photograph without loss", Damaged, photos::photograph_without_loss),
    no("photograph of four gigapixels", TooComplex, photos::photograph_of_four_gigapixels),
    no("photograph of a thousand scans", TooComplex, photos::photograph_of_a_thousand_scans),
    yes("picture", 1, photos::picture),
    yes("picture in one bit", 1, photos::picture_of_a_fax),
    yes("picture in sixteen bits", 1, photos::picture_in_sixteen_bits),
    yes("picture that lets paper through", 1, photos::picture_that_lets_through),
    yes("picture in seven passes", 1, photos::picture_in_passes),
    yes("picture larger than it says", 1, photos::picture_larger_than_it_says),
    yes("picture with a bomb in its text", 1, photos::picture_with_a_text_bomb),
    no("picture that is short", Damaged, photos::picture_that_is_short),
    no("picture with a wrong checksum", Damaged, photos::picture_with_a_wrong_check),
    no("picture of a million by a million", TooComplex, photos::picture_of_a_million_by_a_million),
    no("picture of two hundred million points", TooComplex, photos::picture_of_two_hundred_million),
];
