//! Where are the programs of a Kubernetes control plane on this machine?

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The variable that names the folder, as everywhere in the Kubernetes ecosystem.
const VARIABLE: &str = "KUBEBUILDER_ASSETS";

/// The programs of a Kubernetes control plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    folder: PathBuf,
    controller_manager: bool,
}

/// Why there are no programs to run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MissingAssets {
    /// `KUBEBUILDER_ASSETS` is set, and a program is not in the folder it names.
    #[error("KUBEBUILDER_ASSETS names {}, which has no {program}", .folder.display())]
    Incomplete {
        /// The folder that the variable names.
        folder: PathBuf,
        /// The program that is not there.
        program: &'static str,
    },
    /// `KUBEBUILDER_ASSETS` is not set, and nothing was built into the cache folder.
    #[error("KUBEBUILDER_ASSETS is not set, and {} has no {program}", .folder.display())]
    NotBuilt {
        /// Where `cargo xtask apiserver` leaves what it builds.
        folder: PathBuf,
        /// The program that is not there.
        program: &'static str,
    },
    /// Neither `KUBEBUILDER_ASSETS` nor a home folder is known.
    #[error("KUBEBUILDER_ASSETS is not set, and neither is HOME")]
    NowhereToLook,
}

impl Assets {
    /// The programs in the folder that `KUBEBUILDER_ASSETS` names, or else those that
    /// `cargo xtask apiserver` built last.
    pub fn find() -> Option<Self> {
        Self::locate().ok()
    }

    /// As [`Assets::find`], with the reason where there are none.
    pub fn locate() -> Result<Self, MissingAssets> {
        Self::locate_with(|name| env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn locate_with(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, MissingAssets> {
        if let Some(folder) = variable(VARIABLE) {
            return Self::in_folder(Path::new(&folder)).map_err(|program| {
                let folder = folder.into();
                MissingAssets::Incomplete { folder, program }
            });
        }
        let folder = cache_folder(variable).ok_or(MissingAssets::NowhereToLook)?;
        Self::in_folder(&folder).map_err(|program| MissingAssets::NotBuilt { folder, program })
    }

    /// The programs in `folder`, or the name of the one that is missing.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, &'static str> {
        // The link to the last build may move on while a test runs.
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        match ["kube-apiserver", "etcd"]
            .into_iter()
            .find(|program| !folder.join(program).is_file())
        {
            Some(missing) => Err(missing),
            None => Ok(Self {
                controller_manager: folder.join("kube-controller-manager").is_file(),
                folder,
            }),
        }
    }

    /// The folder of the programs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of `kube-apiserver`.
    pub fn kube_apiserver(&self) -> PathBuf {
        self.folder.join("kube-apiserver")
    }

    /// The path of `etcd`.
    pub fn etcd(&self) -> PathBuf {
        self.folder.join("etcd")
    }

    /// The path of `kube-controller-manager`, which not every folder of assets has.
    pub fn kube_controller_manager(&self) -> Option<PathBuf> {
        self.controller_manager
            .then(|| self.folder.join("kube-controller-manager"))
    }

    /// The path of `kubectl`: the one of this folder, or else the one on `PATH`.
    pub fn kubectl(&self) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        std::iter::once(self.folder.clone())
            .chain(env::split_paths(&path))
            .map(|folder| folder.join("kubectl"))
            .find(|program| program.is_file())
    }
}

/// The link that `cargo xtask apiserver` keeps to its last build.
fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("fed/apiserver/current"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder_of(programs: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            fs::write(folder.path().join(program), "").unwrap();
        }
        folder
    }

    fn locate(set: &[(&str, &Path)]) -> Result<Assets, MissingAssets> {
        Assets::locate_with(|name| {
            let found = set.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| value.as_os_str().to_owned())
        })
    }

    #[test]
    fn the_variable_wins_over_the_cache() {
        let named = folder_of(&["etcd", "kube-apiserver"]);
        let home = tempfile::tempdir().unwrap();
        let built = home.path().join(".cache/fed/apiserver/current");
        fs::create_dir_all(&built).unwrap();
        for program in ["etcd", "kube-apiserver", "kube-controller-manager"] {
            fs::write(built.join(program), "").unwrap();
        }
        let both = locate(&[(VARIABLE, named.path()), ("HOME", home.path())]).unwrap();
        assert_eq!(both.folder(), named.path().canonicalize().unwrap());
        assert_eq!(both.kube_controller_manager(), None);
        let cached = locate(&[("HOME", home.path())]).unwrap();
        assert_eq!(cached.folder(), built.canonicalize().unwrap());
        assert!(cached.kube_controller_manager().is_some());
    }

    #[test]
    fn a_named_folder_without_servers_is_not_passed_over() {
        let named = folder_of(&["kube-apiserver"]);
        let home = tempfile::tempdir().unwrap();
        let missing = locate(&[(VARIABLE, named.path()), ("HOME", home.path())]).unwrap_err();
        assert!(
            missing.to_string().ends_with("which has no etcd"),
            "{missing}"
        );
        let missing = locate(&[("HOME", home.path())]).unwrap_err();
        assert!(matches!(
            missing,
            MissingAssets::NotBuilt {
                program: "kube-apiserver",
                ..
            }
        ));
        assert_eq!(locate(&[]), Err(MissingAssets::NowhereToLook));
    }
}
