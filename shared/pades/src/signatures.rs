//! Checking signatures of certificates and time-stamp authorities, with `ring`: RSA and ECDSA, no old hashes.

use der::Encode;
use der::asn1::ObjectIdentifier;
use ring::signature::{self as algorithms, UnparsedPublicKey, VerificationAlgorithm};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::asn1::{EC_PUBLIC_KEY, ECDSA_SHA_256, P_256, SHA_1, SHA_256, SHA_384, SHA_512};

const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ED_25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The hash of `message`; `None` for a hash that counts no more.
pub(crate) fn digest(algorithm: ObjectIdentifier, message: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        SHA_256 => Some(Sha256::digest(message).to_vec()),
        SHA_384 => Some(Sha384::digest(message).to_vec()),
        SHA_512 => Some(Sha512::digest(message).to_vec()),
        _ => None,
    }
}

/// The hash by which a certificate is recognised: here SHA-1 still does, as the certificate is beside it anyway.
pub(crate) fn certificate_digest(algorithm: ObjectIdentifier, certificate: &[u8]) -> Option<Vec<u8>> {
    if algorithm == SHA_1 {
        let sha_1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
        return Some(sha_1.as_ref().to_vec());
    }
    digest(algorithm, certificate)
}

/// Whether an algorithm has no parameters, or the `NULL` that older ones have in their place.
pub(crate) fn is_plain(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_none_or(|parameters| parameters.to_der().is_ok_and(|der| der == [5, 0]))
}

/// Whether `key` made `signature` over `message`. `hash` is the digest algorithm that stands beside plain RSA in CMS.
pub(crate) fn verifies(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    hash: Option<ObjectIdentifier>,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let curve = || key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok();
    let of = match key.algorithm.oid {
        EC_PUBLIC_KEY => match (algorithm.oid, curve()) {
            (ECDSA_SHA_256, Some(P_256)) => Some(&algorithms::ECDSA_P256_SHA256_ASN1 as &dyn VerificationAlgorithm),
            (ECDSA_SHA_256, Some(P_384)) => Some(&algorithms::ECDSA_P384_SHA256_ASN1 as _),
            (ECDSA_SHA_384, Some(P_256)) => Some(&algorithms::ECDSA_P256_SHA384_ASN1 as _),
            (ECDSA_SHA_384, Some(P_384)) => Some(&algorithms::ECDSA_P384_SHA384_ASN1 as _),
            _ => None,
        },
        RSA => match (algorithm.oid, hash) {
            (RSA_SHA_256, _) | (RSA, Some(SHA_256)) => Some(&algorithms::RSA_PKCS1_2048_8192_SHA256 as _),
            (RSA_SHA_384, _) | (RSA, Some(SHA_384)) => Some(&algorithms::RSA_PKCS1_2048_8192_SHA384 as _),
            (RSA_SHA_512, _) | (RSA, Some(SHA_512)) => Some(&algorithms::RSA_PKCS1_2048_8192_SHA512 as _),
            _ => None,
        },
        ED_25519 if algorithm.oid == ED_25519 => Some(&algorithms::ED25519 as _),
        _ => None,
    };
    of.is_some_and(|of| {
        UnparsedPublicKey::new(of, key.subject_public_key.raw_bytes()).verify(message, signature).is_ok()
    })
}

/// Whether the key in `issuer` signed `certificate`.
pub(crate) fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    let Ok(message) = tbs.to_der() else { return false };
    issuer.tbs_certificate.subject == tbs.issuer
        && certificate.signature_algorithm == tbs.signature
        && certificate.signature.as_bytes().is_some_and(|signature| {
            let key = &issuer.tbs_certificate.subject_public_key_info;
            verifies(key, &certificate.signature_algorithm, None, &message, signature)
        })
}
