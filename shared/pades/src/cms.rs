//! The CMS signature (RFC 5652) with the attributes of PAdES (EN 319 142-1, 6.3): content type, message digest and signing
//! certificate, and no signing time, which stands in the PDF.
//!
//! There is one way to write it. [`read`] takes a signature apart and [`Parts::write`] puts it together again: what does not come
//! out the same was not written here, or was changed.

use ::cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{OctetString, SetOfVec};
use der::{Any, AnyRef, Decode, Encode, Tag, Tagged};
use p256::ecdsa::Signature;
use sha2::{Digest, Sha256};
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{
    CONTENT_TYPE, DATA, ECDSA_SHA_256, EssCertIdV2, MESSAGE_DIGEST, SHA_256, SIGNED_DATA, SIGNING_CERTIFICATE_V2,
    SigningCertificateV2, TIME_STAMP_TOKEN,
};
use crate::certificate::Chain;
use crate::signatures::issued;

/// Everything that a signature is made of.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) chain: Chain,
    /// SHA-256 of the signed bytes of the file.
    pub(crate) digest: [u8; 32],
    pub(crate) signature: Signature,
    /// The time-stamp token in DER.
    pub(crate) token: Option<Vec<u8>>,
}

/// An attribute with one value.
pub(crate) fn attribute(oid: der::asn1::ObjectIdentifier, value: &impl Encode) -> der::Result<Attribute> {
    let value = Any::from_der(&value.to_der()?)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The attributes that are signed. All certificates of the chain are named, so that none can be exchanged.
pub(crate) fn signed_attributes(chain: &Chain, digest: &[u8; 32]) -> der::Result<Attributes> {
    let certs = chain.der().iter().map(|certificate| {
        let cert_hash = OctetString::new(Sha256::digest(certificate).to_vec())?;
        Ok(EssCertIdV2 { hash_algorithm: None, cert_hash, issuer_serial: None })
    });
    let certs = SigningCertificateV2 { certs: certs.collect::<der::Result<_>>()?, policies: None };
    Attributes::try_from(vec![
        attribute(CONTENT_TYPE, &DATA)?,
        attribute(MESSAGE_DIGEST, &OctetString::new(digest.as_slice())?)?,
        attribute(SIGNING_CERTIFICATE_V2, &certs)?,
    ])
}

impl Parts {
    /// The signature in DER.
    pub(crate) fn write(&self) -> der::Result<Vec<u8>> {
        let plain = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
        let own = self.chain.certificates().first().ok_or(der::ErrorKind::Failed)?;
        let token =
            |token: &Vec<u8>| Attributes::try_from(vec![attribute(TIME_STAMP_TOKEN, &AnyRef::from_der(token)?)?]);
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.tbs_certificate.issuer.clone(),
                serial_number: own.tbs_certificate.serial_number.clone(),
            }),
            digest_alg: plain(SHA_256),
            signed_attrs: Some(signed_attributes(&self.chain, &self.digest)?),
            signature_algorithm: plain(ECDSA_SHA_256),
            signature: OctetString::new(self.signature.to_der().as_bytes())?,
            unsigned_attrs: self.token.as_ref().map(token).transpose()?,
        };
        let certificates: Vec<_> =
            self.chain.certificates().iter().cloned().map(CertificateChoices::Certificate).collect();
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![plain(SHA_256)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(certificates.try_into()?),
            crls: None,
            signer_infos: vec![signer].try_into()?,
        };
        ContentInfo { content_type: SIGNED_DATA, content: Any::from_der(&data.to_der()?)? }.to_der()
    }
}

/// Takes a signature over bytes with this `digest` apart; `None` when [`Parts::write`] would have written another.
pub(crate) fn read(bytes: &[u8], digest: [u8; 32]) -> Option<Parts> {
    let info = ContentInfo::from_der(bytes).ok()?;
    let data: SignedData = info.content.decode_as().ok()?;
    let [signer] = data.signer_infos.0.as_slice() else { return None };
    let SignerIdentifier::IssuerAndSerialNumber(sid) = &signer.sid else { return None };
    let mut others = Vec::new();
    let mut chain = Vec::new();
    for choice in data.certificates?.0.iter() {
        let CertificateChoices::Certificate(certificate) = choice else { return None };
        let tbs = &certificate.tbs_certificate;
        if tbs.issuer == sid.issuer && tbs.serial_number == sid.serial_number {
            chain.push(certificate.clone());
        } else {
            others.push(certificate.clone());
        }
    }
    // A set has no order of its own.
    while let Some(index) = others.iter().position(|other| chain.last().is_some_and(|one| issued(other, one))) {
        chain.push(others.swap_remove(index));
    }
    let encoded = chain.iter().map(Encode::to_der).collect::<der::Result<_>>().ok()?;
    let unsigned = signer.unsigned_attrs.as_ref().map(|attributes| {
        let token = attributes.get(0)?.values.get(0)?;
        (token.tag() == Tag::Sequence).then(|| token.to_der().ok()).flatten()
    });
    let token = match unsigned {
        Some(token) => Some(token?),
        None => None,
    };
    let parts = Parts {
        chain: Chain::from_der(encoded).ok()?,
        digest,
        signature: Signature::from_der(signer.signature.as_bytes()).ok()?,
        token,
    };
    // Of the two values that verify (`s` and its negative) the smaller one is written.
    let is_smaller = parts.signature.normalize_s().is_none();
    (is_smaller && parts.write().is_ok_and(|again| again == bytes)).then_some(parts)
}
