//! What the process can no longer do: Landlock takes the files, seccomp the system calls that reach beyond the process.
//! Where the system has neither, the worker says so in its hello and runs all the same; the plugin is still a process
//! of its own.

#[cfg(target_os = "linux")]
mod calls;

use std::path::{Path, PathBuf};

use plugin_protocol::hello::Shut;

/// Where the system's libraries are.
const SYSTEM: [&str; 7] =
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache"];
/// What a program needs beside them.
const SYSTEM_OF_PROGRAMS: [&str; 5] = ["/bin", "/usr", "/etc/localtime", "/dev/null", "/dev/urandom"];

/// Which programs may still be started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Programs {
    /// None.
    None,
    /// The process may become another program, but start none beside it.
    Itself,
}

/// What may be read while the library is opened.
pub(super) fn libraries(library: &Path) -> Vec<PathBuf> {
    SYSTEM.iter().map(PathBuf::from).chain([library.to_owned()]).collect()
}

/// What a program may read and start.
pub(super) fn programs(folder: &Path) -> Vec<PathBuf> {
    SYSTEM.iter().chain(&SYSTEM_OF_PROGRAMS).map(PathBuf::from).chain([folder.to_owned()]).collect()
}

/// From now on this thread, and the threads it starts, read these files and folders and nothing else, write nothing,
/// and reach no TCP port and no process outside.
#[cfg(target_os = "linux")]
pub(super) fn only_files(readable: &[PathBuf]) -> Shut {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, LandlockStatus, RestrictionStatus,
        Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetStatus, Scope, path_beneath_rules,
    };

    let abi = ABI::V6;
    let shut = || -> Result<RestrictionStatus, landlock::RulesetError> {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(readable, AccessFs::from_read(abi)))?
            .restrict_self()
    };
    match shut() {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => Shut::Shut(match status.landlock {
            LandlockStatus::Available { effective_abi, .. } => format!("Landlock {effective_abi:?}"),
            _ => "Landlock".to_owned(),
        }),
        Ok(_) => Shut::Open("this kernel has no Landlock (Linux 5.13 or newer, lsm=landlock)".to_owned()),
        Err(error) => Shut::Open(format!("Landlock: {error}")),
    }
}

/// From now on this thread, and the threads it starts, have no network, start no process, touch no other one and change
/// nothing about files.
#[cfg(target_os = "linux")]
pub(super) fn no_system_calls(programs: Programs) -> Shut {
    match calls::filters(programs).and_then(|filters| filters.iter().try_for_each(calls::apply)) {
        Ok(()) => Shut::Shut("seccomp".to_owned()),
        Err(problem) => Shut::Open(format!("seccomp: {problem}")),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn only_files(_: &[PathBuf]) -> Shut {
    Shut::Open("only Linux has Landlock".to_owned())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn no_system_calls(_: Programs) -> Shut {
    Shut::Open("only Linux has seccomp".to_owned())
}
