//! Randomness from the operating system, drawn at the edge and handed to the domain.

use thiserror::Error;

/// The operating system gave no randomness.
#[derive(Debug, Clone, Copy, Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// Draws `N` random bytes.
///
/// # Errors
/// [`NoRandomness`]; nothing that needs a secret may go on without.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
