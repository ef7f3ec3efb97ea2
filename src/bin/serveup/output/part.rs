//! A file in the making, beside the one it will become: named after it, and locked as long as its
//! run lives, so that a later run can tell what is left of one that was killed, and remove it.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// How much of the target's name a part bears, in bytes: names may not be much longer than that.
const NAME: usize = 100;

const SUFFIX: &str = ".part";

/// How many random characters are in the name of a part.
const RANDOM: usize = 6;

/// Makes a part for a target; `older` is what is there already.
pub(super) fn begin(target: &Path, older: Option<&Metadata>) -> io::Result<NamedTempFile> {
    remove_leftovers(target);
    let prefix = prefix(target);
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM);
    if let Some(permissions) = older.map(Metadata::permissions).or(NEW_FILE.map(permissions)) {
        builder.permissions(permissions);
    }
    loop {
        let part = builder.tempfile_in(folder_of(target))?;
        // where there are no locks, no run takes it for a leftover
        let locked = !matches!(part.as_file().try_lock(), Err(TryLockError::WouldBlock));
        let there = || fs::symlink_metadata(part.path()).is_ok_and(|found| found.is_file());
        // another run may have taken it for a leftover before it was locked
        if locked && there() {
            older.inspect(|older| resemble(part.as_file(), older));
            return Ok(part);
        }
    }
}

/// Removes what runs left that were ended before they could do it themselves.
fn remove_leftovers(target: &Path) {
    for path in leftovers(target) {
        // the lock falls with the process that holds it
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(path);
        }
    }
}

/// The unfinished parts beside a target.
pub(crate) fn leftovers(target: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let prefix = prefix(target);
    let entries = fs::read_dir(folder_of(target)).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path()).filter(
        move |path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let middle = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
            middle
                .is_some_and(|middle| middle.len() == RANDOM && middle.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        },
    )
}

fn prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    format!(".{}.serveup-", &name[..name.floor_char_boundary(NAME)])
}

/// The folder of a path.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes sure that a file that was renamed in a folder is there even if the power fails now.
pub(super) fn sync_folder(target: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    // a folder that may be written to but not be read, or a file system that does not offer it
    let Ok(folder) = File::open(folder_of(target)) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

/// The permissions any new file gets, less what the user's mask takes away, where there are such.
const NEW_FILE: Option<u32> = if cfg!(unix) { Some(0o666) } else { None };

#[cfg(unix)]
fn permissions(mode: u32) -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(mode)
}

/// Gives a file the owner, the group and the permissions of another, as far as that is allowed.
#[cfg(unix)]
fn resemble(file: &File, older: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(file, Some(older.uid()), Some(older.gid())).is_err() {
        let _ = fchown(file, None, Some(older.gid()));
    }
    let same_group = file.metadata().is_ok_and(|now| now.gid() == older.gid());
    let mode = older.mode() & 0o777;
    // another group gets no more than all others
    let mode = if same_group { mode } else { mode & 0o707 | (mode & 0o007) << 3 };
    let _ = file.set_permissions(permissions(mode));
}

#[cfg(not(unix))]
fn permissions(_: u32) -> fs::Permissions {
    unreachable!("there is no mode")
}

#[cfg(not(unix))]
fn resemble(_: &File, _: &Metadata) {}
