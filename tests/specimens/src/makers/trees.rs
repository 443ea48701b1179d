//! Page trees and references that loop, lie or lead nowhere.

use crate::draft::{CONTENT, Draft, FREE, PAGE, PAGES};

fn tree(text: &str) -> Draft {
    Draft::new().object(PAGES, format!("<< /Type /Pages {text} >>"))
}

pub(crate) fn count_of_none() -> Vec<u8> {
    tree("/Kids [3 0 R] /Count 0").bytes()
}

pub(crate) fn count_of_a_billion() -> Vec<u8> {
    tree("/Kids [3 0 R] /Count 1000000000").bytes()
}

pub(crate) fn count_below_zero() -> Vec<u8> {
    tree("/Kids [3 0 R] /Count -1").bytes()
}

pub(crate) fn the_tree_is_its_own_child() -> Vec<u8> {
    tree("/Kids [2 0 R] /Count 1").bytes()
}

pub(crate) fn two_nodes_hold_each_other() -> Vec<u8> {
    tree("/Kids [6 0 R] /Count 1").object(FREE, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>").bytes()
}

pub(crate) fn one_page_twice() -> Vec<u8> {
    tree("/Kids [3 0 R 3 0 R] /Count 2").bytes()
}

pub(crate) fn a_child_that_is_missing() -> Vec<u8> {
    tree("/Kids [3 0 R 400 0 R] /Count 2").bytes()
}

pub(crate) fn a_child_that_is_a_number() -> Vec<u8> {
    tree("/Kids [3 0 R 6 0 R] /Count 2").object(FREE, "17").bytes()
}

pub(crate) fn a_child_in_place() -> Vec<u8> {
    tree("/Kids [3 0 R << /Type /Page /MediaBox [0 0 9 9] >>] /Count 2").bytes()
}

pub(crate) fn no_children() -> Vec<u8> {
    tree("/Kids [] /Count 0").bytes()
}

pub(crate) fn children_that_are_a_word() -> Vec<u8> {
    tree("/Kids (all of them) /Count 1").bytes()
}

/// One reader takes a node with children and the type of a page for a page, the other for a node.
pub(crate) fn a_page_with_children() -> Vec<u8> {
    Draft::new().page("/Kids [6 0 R]").object(FREE, "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 612 792] >>").bytes()
}

/// One reader takes a node of no type for a page, the other looks for its children.
pub(crate) fn a_node_without_a_type() -> Vec<u8> {
    tree("/Kids [6 0 R] /Count 1").object(FREE, "<< /Kids [3 0 R] /Count 1 >>").bytes()
}

fn nested(levels: u32) -> Vec<u8> {
    let draft = tree(&format!("/Kids [{FREE} 0 R] /Count 1 /Rotate 90"));
    (0..levels)
        .fold(draft, |draft, level| {
            let child = if level + 1 == levels { PAGE } else { FREE + level + 1 };
            draft.object(FREE + level, format!("<< /Type /Pages /Kids [{child} 0 R] /Count 1 >>"))
        })
        .bytes()
}

pub(crate) fn thirty_levels() -> Vec<u8> {
    nested(30)
}

pub(crate) fn four_thousand_levels() -> Vec<u8> {
    nested(4_000)
}

pub(crate) fn many_children_that_are_the_same() -> Vec<u8> {
    tree(&format!("/Kids [{}] /Count 1", "3 0 R ".repeat(300_000))).bytes()
}

pub(crate) fn a_reference_to_itself() -> Vec<u8> {
    Draft::new().page("/Annots 6 0 R").object(FREE, "6 0 R").bytes()
}

pub(crate) fn references_in_a_circle() -> Vec<u8> {
    Draft::new().sheet("/MediaBox 6 0 R").object(FREE, "7 0 R").object(FREE + 1, "6 0 R").bytes()
}

pub(crate) fn a_length_that_is_the_stream() -> Vec<u8> {
    Draft::new().object(CONTENT, "<< /Length 4 0 R >>\nstream\n0 0 m\nendstream").bytes()
}

pub(crate) fn lengths_in_a_circle() -> Vec<u8> {
    let stream = |other: u32| format!("<< /Length {other} 0 R >>\nstream\n0 0 m\nendstream");
    Draft::new().object(CONTENT, stream(6)).object(FREE, stream(4)).bytes()
}

pub(crate) fn a_length_beyond_the_file() -> Vec<u8> {
    Draft::new().object(CONTENT, "<< /Length 99999999 >>\nstream\n0 0 m\nendstream").bytes()
}

pub(crate) fn a_length_below_zero() -> Vec<u8> {
    Draft::new().object(CONTENT, "<< /Length -5 >>\nstream\n0 0 m\nendstream").bytes()
}

pub(crate) fn a_picture_that_draws_itself() -> Vec<u8> {
    Draft::new()
        .stream(CONTENT, "", b"/F Do")
        .page("/Resources << /XObject << /F 6 0 R >> >>")
        .stream(
            FREE,
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 6 0 R >> >>",
            b"/F Do",
        )
        .bytes()
}

pub(crate) fn an_outline_without_end() -> Vec<u8> {
    Draft::new()
        .catalog("/Outlines 6 0 R")
        .object(FREE, "<< /First 7 0 R /Last 7 0 R /Count 1 >>")
        .object(FREE + 1, "<< /Title (Again) /Parent 6 0 R /Next 7 0 R /Prev 7 0 R /Dest [3 0 R /Fit] >>")
        .bytes()
}

pub(crate) fn fields_in_a_circle() -> Vec<u8> {
    Draft::new()
        .catalog("/AcroForm << /Fields [6 0 R] >>")
        .object(FREE, "<< /T (a) /Kids [7 0 R] >>")
        .object(FREE + 1, "<< /T (b) /FT /Tx /Parent 6 0 R /Kids [6 0 R] >>")
        .bytes()
}

pub(crate) fn contents_that_are_a_dictionary() -> Vec<u8> {
    Draft::new().object(CONTENT, "<< /Length 5 >>").bytes()
}

pub(crate) fn the_catalog_is_the_page() -> Vec<u8> {
    Draft::new().trailer("/Root 3 0 R").bytes()
}

pub(crate) fn no_catalog() -> Vec<u8> {
    Draft::new().trailer("/Root 77 0 R").bytes()
}

pub(crate) fn no_root() -> Vec<u8> {
    Draft::new().trailer("").bytes()
}

fn deep(open: &str, close: &str, levels: usize) -> Vec<u8> {
    Draft::new().page("/Group 6 0 R").object(FREE, [open.repeat(levels), close.repeat(levels)].concat()).bytes()
}

pub(crate) fn arrays_in_arrays() -> Vec<u8> {
    deep("[", "]", 400_000)
}

pub(crate) fn dictionaries_in_dictionaries() -> Vec<u8> {
    deep("<< /A ", ">>", 200_000)
}

pub(crate) fn brackets_in_a_text() -> Vec<u8> {
    deep("(", ")", 1_000_000)
}

/// Reached from the page, and just below what the first reader takes.
pub(crate) fn resources_in_resources() -> Vec<u8> {
    let nested = ["<< /A ".repeat(60), "<< >>".to_owned(), ">>".repeat(60)].concat();
    Draft::new().page(&format!("/Resources {nested}")).bytes()
}

/// A chain that a copier which calls itself for every link would not survive.
pub(crate) fn a_chain_of_fifty_thousand_links() -> Vec<u8> {
    let draft = Draft::new().catalog("/Outlines 6 0 R");
    (0..50_000)
        .fold(draft, |draft, link| draft.object(FREE + link, format!("<< /Title (x) /Next {} 0 R >>", FREE + link + 1)))
        .bytes()
}
