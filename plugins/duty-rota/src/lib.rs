//! Class tool; see the manifest.
