//! A time-stamp token: proven when read.

use ::cms::cert::CertificateChoices;
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString, Uint};
use der::{Any, Decode, Encode, Tag, Tagged};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use x509_cert::Certificate;
use x509_cert::attr::Attributes;
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectKeyIdentifier};

use super::{TOLERANCE, TimeStampError};
use crate::asn1::{
    CONTENT_TYPE, EXTENDED_KEY_USAGE, MESSAGE_DIGEST, SHA_1, SHA_256, SIGNED_DATA, SIGNING_CERTIFICATE,
    SIGNING_CERTIFICATE_V2, SigningCertificate, SigningCertificateV2, TIME_STAMPING, TST_INFO, TstInfo,
};
use crate::certificate::is_valid_at;
use crate::signatures::{certificate_digest, digest, is_plain, issued, verifies};

/// Most certificates of an authority.
const MOST: usize = 8;

/// A time stamp that holds: an authority's signature over a time and a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    encoded: Vec<u8>,
    time: Timestamp,
    authority: String,
    nonce: Option<Uint>,
}

impl Token {
    /// Reads a token for `imprint` that is written as [`tidied`] writes it.
    ///
    /// # Errors
    /// [`TimeStampError`].
    pub fn read(encoded: &[u8], imprint: &[u8; 32]) -> Result<Self, TimeStampError> {
        let info = ContentInfo::from_der(encoded).map_err(|_| TimeStampError::Unreadable)?;
        // Parts that no signature covers are as they would be written, or somebody changed them.
        if tidied(&info)? != encoded {
            return Err(TimeStampError::Unproven);
        }
        let data = signed_data(&info)?;
        let (signer, path) = (signer(&data)?, path(&data)?);
        let own = path.first().ok_or(TimeStampError::Unproven)?;
        let content = data.encap_content_info.econtent.as_ref().map(Any::decode_as::<OctetString>);
        let content = content.and_then(Result::ok).ok_or(TimeStampError::Unreadable)?;
        if !is_signed(signer, own, content.as_bytes()) || !stamps_time(own) {
            return Err(TimeStampError::Unproven);
        }

        let stamp = TstInfo::from_der(content.as_bytes()).map_err(|_| TimeStampError::Unreadable)?;
        let stamped = &stamp.message_imprint;
        if stamped.hash_algorithm.oid != SHA_256 || stamped.hashed_message.as_bytes() != imprint {
            return Err(TimeStampError::OtherImprint);
        }
        let time = time(&stamp.gen_time).ok_or(TimeStampError::Unreadable)?;
        if !is_valid_at(own, time) {
            return Err(TimeStampError::Unproven);
        }
        let authority = own.tbs_certificate.subject.to_string();
        Ok(Self { encoded: encoded.to_vec(), time, authority, nonce: stamp.nonce })
    }

    /// The time, by the authority's clock.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// Whom the authority's certificate names.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether `at` is close enough for two clocks that are both right.
    pub(crate) fn is_near(&self, at: Timestamp) -> bool {
        self.time.duration_since(at).abs() <= TOLERANCE
    }

    pub(super) const fn nonce(&self) -> Option<&Uint> {
        self.nonce.as_ref()
    }

    pub(crate) fn into_der(self) -> Vec<u8> {
        self.encoded
    }
}

/// The token in DER with the certificates that lead from its own to the last that is there, and without anything else that its
/// signature does not cover.
pub(super) fn tidied(info: &ContentInfo) -> Result<Vec<u8>, TimeStampError> {
    let mut data = signed_data(info)?;
    let path = path(&data)?;
    let mut signer = signer(&data)?.clone();
    signer.unsigned_attrs = None;
    signer.version = match signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    if !is_plain(&signer.digest_alg) || !is_plain(&signer.signature_algorithm) {
        return Err(TimeStampError::Unproven);
    }
    let encode = || {
        data.version = CmsVersion::V3;
        data.digest_algorithms = vec![signer.digest_alg.clone()].try_into()?;
        data.certificates = Some(path.into_iter().map(CertificateChoices::Certificate).collect::<Vec<_>>().try_into()?);
        data.crls = None;
        data.signer_infos = vec![signer].try_into()?;
        ContentInfo { content_type: SIGNED_DATA, content: Any::from_der(&data.to_der()?)? }.to_der()
    };
    encode().map_err(|_: der::Error| TimeStampError::Unreadable)
}

fn signed_data(info: &ContentInfo) -> Result<SignedData, TimeStampError> {
    let data = info.content.decode_as::<SignedData>().ok().filter(|_| info.content_type == SIGNED_DATA);
    data.filter(|data| data.encap_content_info.econtent_type == TST_INFO).ok_or(TimeStampError::Unreadable)
}

fn signer(data: &SignedData) -> Result<&SignerInfo, TimeStampError> {
    match data.signer_infos.0.as_slice() {
        [signer] => Ok(signer),
        _ => Err(TimeStampError::Unproven),
    }
}

/// The authority's certificate, and those above it, each of which issued the one before.
fn path(data: &SignedData) -> Result<Vec<Certificate>, TimeStampError> {
    let sid = &signer(data)?.sid;
    let all = data.certificates.as_ref().map(|all| all.0.as_slice()).unwrap_or_default();
    let mut others: Vec<&Certificate> = all
        .iter()
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .take(MOST)
        .collect();
    let own = others.iter().position(|one| is_named(one, sid)).ok_or(TimeStampError::Unproven)?;
    let mut path = vec![others.swap_remove(own).clone()];
    while let Some(index) = others.iter().position(|other| path.last().is_some_and(|one| issued(other, one))) {
        path.push(others.swap_remove(index).clone());
    }
    // A root vouches for itself; one that does not hold is no root.
    let holds = path.last().is_some_and(|last| {
        let tbs = &last.tbs_certificate;
        tbs.issuer != tbs.subject || issued(last, last)
    });
    if holds { Ok(path) } else { Err(TimeStampError::Unproven) }
}

fn is_named(certificate: &Certificate, sid: &SignerIdentifier) -> bool {
    let tbs = &certificate.tbs_certificate;
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(sid) => {
            tbs.issuer == sid.issuer && tbs.serial_number == sid.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(sid) => {
            tbs.get::<SubjectKeyIdentifier>().is_ok_and(|own| own.is_some_and(|(_, own)| own == *sid))
        }
    }
}

/// Whether `own` signed `content`, with the attributes that RFC 3161 asks for.
fn is_signed(signer: &SignerInfo, own: &Certificate, content: &[u8]) -> bool {
    let Some(attributes) = &signer.signed_attrs else { return false };
    let hash = signer.digest_alg.oid;
    let content_type = single(attributes, CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let stated = single(attributes, MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    let real = digest(hash, content);
    let Ok(message) = attributes.to_der() else { return false };
    content_type == Some(TST_INFO)
        && real.is_some_and(|real| stated.is_some_and(|stated| stated.as_bytes() == real))
        && names(attributes, own)
        && verifies(
            &own.tbs_certificate.subject_public_key_info,
            &signer.signature_algorithm,
            Some(hash),
            &message,
            signer.signature.as_bytes(),
        )
}

/// Whether the signed attributes name this certificate, so that no other for the same key takes its place.
fn names(attributes: &Attributes, own: &Certificate) -> bool {
    let Ok(own) = own.to_der() else { return false };
    if let Some(value) = single(attributes, SIGNING_CERTIFICATE_V2) {
        let Ok(named) = value.decode_as::<SigningCertificateV2>() else { return false };
        return named.certs.first().is_some_and(|named| {
            let algorithm = named.hash_algorithm.as_ref().map_or(SHA_256, |algorithm| algorithm.oid);
            certificate_digest(algorithm, &own).is_some_and(|hash| hash == named.cert_hash.as_bytes())
        });
    }
    let named = single(attributes, SIGNING_CERTIFICATE).and_then(|value| value.decode_as::<SigningCertificate>().ok());
    let named = named.and_then(|named| named.certs.into_iter().next());
    named.is_some_and(|named| certificate_digest(SHA_1, &own).is_some_and(|hash| hash == named.cert_hash.as_bytes()))
}

/// The only value of the only attribute of a kind.
fn single(attributes: &Attributes, kind: ObjectIdentifier) -> Option<&Any> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == kind);
    match (found.next(), found.next()) {
        (Some(attribute), None) if attribute.values.len() == 1 => attribute.values.get(0),
        _ => None,
    }
}

/// Whether a certificate is for time stamps and nothing else (RFC 3161, 2.3).
fn stamps_time(certificate: &Certificate) -> bool {
    let mut extensions = certificate.tbs_certificate.extensions.iter().flatten();
    extensions.find(|extension| extension.extn_id == EXTENDED_KEY_USAGE).is_some_and(|extension| {
        let usage = ExtendedKeyUsage::from_der(extension.extn_value.as_bytes());
        extension.critical && usage.is_ok_and(|usage| usage.0 == [TIME_STAMPING])
    })
}

/// A `GeneralizedTime`, perhaps with fractions of a second.
fn time(value: &Any) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.value()).ok().filter(|_| value.tag() == Tag::GeneralizedTime)?;
    let form = if text.contains('.') { "%Y%m%d%H%M%S%.fZ" } else { "%Y%m%d%H%M%SZ" };
    let civil = DateTime::strptime(form, text).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}
