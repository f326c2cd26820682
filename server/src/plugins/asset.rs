//! Where the files of a plugin are: addresses that change with their content.

use plugin_loader::file::digest;
use plugin_protocol::manifest::{Asset, Manifest};

/// Signs of the digest in an address.
const DIGEST: usize = 16;

/// Address of a file of a plugin; none when it has no such file.
pub fn address(manifest: &Manifest, name: &str) -> Option<String> {
    manifest.assets.get(name).map(|asset| format!("/tools/{}/{}/{name}", manifest.id, version(asset)))
}

/// The file at an address.
pub fn find<'m>(manifest: &'m Manifest, hash: &str, name: &str) -> Option<&'m Asset> {
    manifest.assets.get(name).filter(|asset| version(asset) == hash)
}

fn version(asset: &Asset) -> String {
    let mut digest = digest(asset.body.as_bytes());
    digest.truncate(DIGEST);
    digest
}
