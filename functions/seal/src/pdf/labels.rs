//! The fixed texts of the signature record, in one place for translation.

/// The fixed texts of the signature record in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named after the text it holds")]
pub struct Labels {
    /// BCP 47 code of the language.
    pub language: &'static str,
    pub title: &'static str,
    pub packet: &'static str,
    pub document_pages: &'static str,
    pub document_hash: &'static str,
    pub signatures: &'static str,
    pub no_signatures: &'static str,
    pub typed: &'static str,
    pub drawn: &'static str,
    pub signer: &'static str,
    pub capacity: &'static str,
    pub authority: &'static str,
    pub attestation: &'static str,
    pub records_consent: &'static str,
    pub signed_at: &'static str,
    pub authentication: &'static str,
    pub authenticated_at: &'static str,
    pub time: &'static str,
    pub time_stamped: &'static str,
    pub time_unstamped: &'static str,
    pub chain: &'static str,
    /// Explanations at the end: heading and paragraph.
    pub explanations: &'static [(&'static str, &'static str)],
    pub page: &'static str,
    pub page_of: &'static str,
}

/// The record in English.
pub const ENGLISH: Labels = Labels {
    language: "en",
    title: "Signature record",
    packet: "Packet",
    document_pages: "Pages signed",
    document_hash: "SHA-256 of the document",
    signatures: "Signatures",
    no_signatures: "Nobody signed in the portal; what was signed on paper stands above.",
    typed: "Signed by typing a name",
    drawn: "Signed by drawing",
    signer: "Signer",
    capacity: "Capacity",
    authority: "Authority",
    attestation: "Agreed to",
    records_consent: "Electronic signing",
    signed_at: "Signed",
    authentication: "Signed in with",
    authenticated_at: "Signed in at",
    time: "Time of the seal",
    time_stamped: "certified by a time-stamp authority, inside the seal",
    time_unstamped: "by the clock of the clinic's portal; no time-stamp authority was asked",
    chain: "Chain of signatures",
    explanations: &[
        (
            "How people sign in",
            "Every person who signs has a login of their own with their own password. They signed in in the way and at the \
             time shown with each signature. The clinic recorded beforehand in which capacity and on what authority each person may sign.",
        ),
        (
            "What this page shows",
            "Each person named above signed for the same document, identified by the SHA-256 value on this record, and agreed \
             to the sentence shown with the signature. The document was kept unchanged: this record was added behind it, and \
             the beginning of this file is, byte for byte, that document.",
        ),
        (
            "How changes are noticed",
            "This file carries a digital seal of the clinic that covers every byte of it and allows no later change. A program \
             that checks digital signatures tells whether the file is still as it was sealed. If it says that something was \
             added or changed, or finds no signature, do not rely on what the file shows: ask the clinic for its own copy.",
        ),
        (
            "What the seal does not show",
            "The seal is the clinic's, not the signers'. It does not show who the people are, which the clinic established \
             beforehand, nor that the seal's certificate is the clinic's: compare its fingerprint with the one that the clinic \
             gives you.",
        ),
    ],
    page: "Page",
    page_of: "of",
};
