//! What must hold of a clinic at any time.

use journeys::World;

/// Everything that is broken.
pub(super) fn invariants(world: &World) -> Vec<String> {
    let _ = world;
    Vec::new()
}
