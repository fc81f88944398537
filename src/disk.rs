//! What file systems say: how much room is left, and who may read a file.

use nix::sys::statvfs::statvfs;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Less room than this is used up before anybody looks again. In bytes.
const LEAST_BYTES: u64 = 1 << 20;

/// Fewer files than this too.
const LEAST_FILES: u64 = 100;

/// What is wrong with the room on the file system of a path; none when there is enough, or nobody can tell.
pub fn problem(path: &Path) -> Option<String> {
    let left = statvfs(path).ok()?;
    let (bytes, shown) = (left.blocks_available().saturating_mul(left.fragment_size()), path.display());
    if bytes < LEAST_BYTES {
        return Some(format!("the file system of {shown} has room for {} KiB only; make some", bytes >> 10));
    }
    // File systems that make files as they are needed have none to tell of.
    if left.files() > 0 && left.files_available() < LEAST_FILES {
        let files = left.files_available();
        return Some(format!("the file system of {shown} takes {files} more files only; remove some"));
    }
    None
}

/// What is wrong with a file that has a secret in it, named `secret`, if everybody can read it.
pub fn public(path: &Path, secret: &str) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o004 != 0)
        .then(|| format!("everybody on this machine can read {secret}; take that right away (chmod o=)"))
}

/// The directory of a file.
pub fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
