//! What is somebody else's in production, for a laptop and for tests: a certificate that vouches for itself, a key in memory, and
//! a time-stamp authority that believes the caller's clock.

use ::cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{BitString, GeneralizedTime, Int, ObjectIdentifier, OctetString, UtcTime};
use der::oid::AssociatedOid;
use der::{Any, DateTime, Decode, Encode, Tag};
use jiff::Timestamp;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};
use x509_cert::attr::Attributes;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use crate::asn1::{
    CONTENT_TYPE, ECDSA_SHA_256, EXTENDED_KEY_USAGE, EssCertIdV2, MESSAGE_DIGEST, PkiStatusInfo, SHA_256, SIGNED_DATA,
    SIGNING_CERTIFICATE_V2, SigningCertificateV2, TIME_STAMPING, TST_INFO, TimeStampReq, TimeStampResp, TstInfo,
};
use crate::cms::attribute;
use crate::signing::{KeyError, SealingKey, Signature};

/// id-kp-documentSigning (RFC 9336).
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// The policy "any" (RFC 5280), as this authority has none.
const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// A key in memory.
#[derive(Debug, Clone)]
pub struct MemoryKey(pub SigningKey);

impl SealingKey for MemoryKey {
    fn sign(&self, digest: [u8; 32]) -> Signature<'_> {
        let signature: Result<p256::ecdsa::Signature, _> = self.0.sign_prehash(&digest);
        let answer = signature.map(|signature| signature.to_der().as_bytes().to_vec());
        Box::pin(std::future::ready(answer.map_err(|_| KeyError("the key does not sign"))))
    }
}

/// A certificate in DER by which `key`, under the distinguished name `subject`, vouches for itself, for sealing documents. The
/// same key and name give the same certificate.
///
/// # Errors
/// The name is none (RFC 4514).
pub fn self_signed(key: &SigningKey, subject: &str) -> der::Result<Vec<u8>> {
    certificate(key, subject, DOCUMENT_SIGNING)?.to_der()
}

/// A time-stamp authority (RFC 3161) for tests.
#[derive(Debug, Clone)]
pub struct Authority {
    key: SigningKey,
    certificate: Certificate,
}

impl Authority {
    /// An authority with this key.
    ///
    /// # Errors
    /// Never in practice.
    pub fn new(key: SigningKey) -> der::Result<Self> {
        let certificate = certificate(&key, "CN=Time stamps on this machine", TIME_STAMPING)?;
        Ok(Self { key, certificate })
    }

    /// Its certificate in DER.
    ///
    /// # Errors
    /// Never in practice.
    pub fn certificate(&self) -> der::Result<Vec<u8>> {
        self.certificate.to_der()
    }

    /// Stamps what is asked for with the time `at`.
    ///
    /// # Errors
    /// The request is none.
    pub fn answer(&self, request: &[u8], at: Timestamp) -> der::Result<Vec<u8>> {
        let request = TimeStampReq::from_der(request)?;
        let stamp = TstInfo {
            version: 1,
            policy: ANY_POLICY,
            message_imprint: request.message_imprint,
            serial_number: Int::new(&[1])?,
            gen_time: Any::new(Tag::GeneralizedTime, at.strftime("%Y%m%d%H%M%SZ").to_string().into_bytes())?,
            accuracy: None,
            ordering: None,
            nonce: Some(request.nonce),
            tsa: None,
            extensions: None,
        };
        let token = self.token(&stamp.to_der()?)?;
        let status = PkiStatusInfo { status: 0, status_string: None, fail_info: None };
        TimeStampResp { status, time_stamp_token: Some(token) }.to_der()
    }

    fn token(&self, content: &[u8]) -> der::Result<ContentInfo> {
        let plain = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
        let cert_hash = OctetString::new(Sha256::digest(self.certificate.to_der()?).to_vec())?;
        let certs = vec![EssCertIdV2 { hash_algorithm: None, cert_hash, issuer_serial: None }];
        let attributes = Attributes::try_from(vec![
            attribute(CONTENT_TYPE, &TST_INFO)?,
            attribute(MESSAGE_DIGEST, &OctetString::new(Sha256::digest(content).to_vec())?)?,
            attribute(SIGNING_CERTIFICATE_V2, &SigningCertificateV2 { certs, policies: None })?,
        ])?;
        let signature: DerSignature = self.key.sign(&attributes.to_der()?);
        let tbs = &self.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer.clone(),
                serial_number: tbs.serial_number.clone(),
            }),
            digest_alg: plain(SHA_256),
            signed_attrs: Some(attributes),
            signature_algorithm: plain(ECDSA_SHA_256),
            signature: OctetString::new(signature.as_bytes())?,
            unsigned_attrs: None,
        };
        let content = Any::from_der(&OctetString::new(content)?.to_der()?)?;
        let data = SignedData {
            version: CmsVersion::V3,
            digest_algorithms: vec![plain(SHA_256)].try_into()?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: TST_INFO, econtent: Some(content) },
            certificates: Some(vec![CertificateChoices::Certificate(self.certificate.clone())].try_into()?),
            crls: None,
            signer_infos: vec![signer].try_into()?,
        };
        Ok(ContentInfo { content_type: SIGNED_DATA, content: Any::from_der(&data.to_der()?)? })
    }
}

fn certificate(key: &SigningKey, subject: &str, usage: ObjectIdentifier) -> der::Result<Certificate> {
    let failed = || der::Error::from(der::ErrorKind::Failed);
    let subject: Name = subject.parse()?;
    let public = key.verifying_key().to_public_key_der().map_err(|_| failed())?;
    // Positive, and the same each time.
    let [_, serial @ ..]: [u8; 32] = Sha256::digest(public.as_bytes()).into();
    let serial: Vec<u8> = std::iter::once(1).chain(serial.into_iter().take(15)).collect();
    let begin = UtcTime::from_date_time(DateTime::new(2020, 1, 1, 0, 0, 0)?)?;
    // The end says that there is none (RFC 5280, 4.1.2.5).
    let end = GeneralizedTime::from_date_time(DateTime::new(9999, 12, 31, 23, 59, 59)?);
    let algorithm = AlgorithmIdentifierOwned { oid: ECDSA_SHA_256, parameters: None };
    let extension = |extn_id, critical, value: Vec<u8>| {
        Ok::<_, der::Error>(Extension { extn_id, critical, extn_value: OctetString::new(value)? })
    };
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial)?,
        signature: algorithm.clone(),
        issuer: subject.clone(),
        validity: Validity { not_before: Time::UtcTime(begin), not_after: Time::GeneralTime(end) },
        subject,
        subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(public.as_bytes())?,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(vec![
            extension(
                BasicConstraints::OID,
                true,
                BasicConstraints { ca: false, path_len_constraint: None }.to_der()?,
            )?,
            extension(
                KeyUsage::OID,
                true,
                KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation).to_der()?,
            )?,
            // That of an authority must say so in a way that nobody may overlook (RFC 3161, 2.3).
            extension(EXTENDED_KEY_USAGE, usage == TIME_STAMPING, ExtendedKeyUsage(vec![usage]).to_der()?)?,
        ]),
    };
    let signature: DerSignature = key.sign(&tbs.to_der()?);
    let signature = BitString::from_bytes(signature.as_bytes())?;
    Ok(Certificate { tbs_certificate: tbs, signature_algorithm: algorithm, signature })
}
