//! Where do tests get a real kube-apiserver? Built once from `tests/apiserver` into the user's
//! cache folder.
//!
//! A folder holds the builds of one Kubernetes version from one `go.sum`, so it never changes
//! once it is complete. The link `current` beside the folders names the one built or asked for
//! last: tests that are given no `KUBEBUILDER_ASSETS` follow it.

use std::env::{self, consts};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use sha2::{Digest, Sha256};

const USAGE: &str = "Usage: cargo xtask apiserver [--print]

Builds kube-apiserver, kube-controller-manager and etcd (and kubectl, where none is on PATH)
into the cache folder, unless they are there. The last line on stdout names the folder.

  --print  build nothing: name the folder, and fail if it is not complete";

/// The packages whose variables tell clients which version they talk to.
const VERSION_PACKAGES: [&str; 2] = [
    "k8s.io/component-base/version",
    "k8s.io/client-go/pkg/version",
];

/// One program, and the Go package it is built from.
struct Tool {
    name: &'static str,
    package: &'static str,
}

const SERVERS: [Tool; 3] = [
    Tool {
        name: "etcd",
        package: "go.etcd.io/etcd/server/v3",
    },
    Tool {
        name: "kube-apiserver",
        package: "k8s.io/kubernetes/cmd/kube-apiserver",
    },
    Tool {
        name: "kube-controller-manager",
        package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    },
];

const KUBECTL: Tool = Tool {
    name: "kubectl",
    package: "k8s.io/kubernetes/cmd/kubectl",
};

/// What went wrong, in a sentence for the developer.
type Failure = String;

/// Runs `cargo xtask apiserver` with the arguments that follow the command's name.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => Plan::of_this_checkout().and_then(|plan| plan.provide()),
        ["--print"] => Plan::of_this_checkout().and_then(|plan| plan.print()),
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What is to be where.
struct Plan {
    /// The Go module that pins everything.
    module: PathBuf,
    /// Kubernetes' version, as `v1.36.3`.
    version: String,
    /// The system to build for, in Go's words: this one.
    platform: (&'static str, &'static str),
    /// The folder of every build.
    cache: PathBuf,
    /// The name of this build's folder in `cache`.
    key: String,
    tools: Vec<Tool>,
}

impl Plan {
    fn of_this_checkout() -> Result<Self, Failure> {
        let module = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or(Path::new("."))
            .join("tests/apiserver");
        let requirements = read(&module.join("go.mod"))?;
        let sums = read(&module.join("go.sum"))?;
        let version = kubernetes_version(&requirements)
            .ok_or_else(|| format!("{}/go.mod requires no k8s.io/kubernetes", module.display()))?;
        let platform = (operating_system(consts::OS), architecture(consts::ARCH));
        let mut tools = Vec::from(SERVERS);
        if !is_on_path(KUBECTL.name) {
            tools.push(KUBECTL);
        }
        Ok(Self {
            key: key(&version, platform, &sums),
            cache: cache_folder(|name| env::var_os(name))?,
            module,
            version,
            platform,
            tools,
        })
    }

    fn folder(&self) -> PathBuf {
        self.cache.join(&self.key)
    }

    fn missing(&self) -> Vec<&Tool> {
        let folder = self.folder();
        self.tools
            .iter()
            .filter(|tool| !folder.join(tool.name).is_file())
            .collect()
    }

    fn print(&self) -> Result<(), Failure> {
        self.announce();
        let missing: Vec<&str> = self.missing().iter().map(|tool| tool.name).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{} not built yet; run cargo xtask apiserver",
            missing.join(", ")
        ))
    }

    fn provide(&self) -> Result<(), Failure> {
        create_folder(&self.folder())?;
        let lock = self.cache.join(".lock");
        let lock = File::create(&lock).map_err(about(&lock))?;
        if lock.try_lock().is_err() {
            eprintln!("waiting for another cargo xtask apiserver");
            lock.lock().map_err(|error| format!("no lock: {error}"))?;
        }
        let missing = self.missing();
        if !missing.is_empty() {
            self.build(&missing)?;
        }
        self.link()?;
        self.announce();
        Ok(())
    }

    /// Builds in a folder of its own, and moves each program into place when all are built: a
    /// build that is cut short leaves nothing that looks complete.
    fn build(&self, tools: &[&Tool]) -> Result<(), Failure> {
        let scratch = self.cache.join(format!(".{}.building", self.key));
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(about(&scratch))?;
        }
        create_folder(&scratch)?;
        for tool in tools {
            self.build_one(tool, &scratch)?;
        }
        for tool in tools {
            let (built, place) = (scratch.join(tool.name), self.folder().join(tool.name));
            fs::rename(&built, &place).map_err(about(&place))?;
        }
        fs::remove_dir_all(&scratch).map_err(about(&scratch))
    }

    fn build_one(&self, tool: &Tool, folder: &Path) -> Result<(), Failure> {
        eprintln!("building {} for Kubernetes {}", tool.name, self.version);
        let started = Instant::now();
        let status = Command::new("go")
            .current_dir(&self.module)
            .env("CGO_ENABLED", "0")
            .env("GOOS", self.platform.0)
            .env("GOARCH", self.platform.1)
            .args(["build", "-trimpath", "-ldflags"])
            .arg(linker_flags(&self.version))
            .arg("-o")
            .arg(folder.join(tool.name))
            .arg(tool.package)
            .stdin(Stdio::null())
            .stdout(io::stderr())
            .status()
            .map_err(|error| format!("go cannot be run ({error}); install Go, see go.mod"))?;
        if !status.success() {
            return Err(format!("go build {} failed ({status})", tool.package));
        }
        eprintln!("built {} in {:.0?}", tool.name, started.elapsed());
        Ok(())
    }

    fn link(&self) -> Result<(), Failure> {
        let (fresh, current) = (self.cache.join(".current"), self.cache.join("current"));
        if fs::symlink_metadata(&fresh).is_ok() {
            fs::remove_file(&fresh).map_err(about(&fresh))?;
        }
        std::os::unix::fs::symlink(&self.key, &fresh).map_err(about(&fresh))?;
        fs::rename(&fresh, &current).map_err(about(&current))
    }

    fn announce(&self) {
        println!("KUBEBUILDER_ASSETS={}", self.folder().display());
    }
}

fn kubernetes_version(requirements: &str) -> Option<String> {
    requirements
        .lines()
        .map(|line| line.trim().trim_start_matches("require "))
        .find_map(|line| line.strip_prefix("k8s.io/kubernetes "))
        .and_then(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
}

fn linker_flags(version: &str) -> String {
    let mut numbers = version.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next(), numbers.next());
    let mut flags = vec!["-s -w".to_owned()];
    for package in VERSION_PACKAGES {
        for (variable, value) in [
            ("gitVersion", Some(version)),
            ("gitMajor", major),
            ("gitMinor", minor),
        ] {
            flags.extend(value.map(|value| format!("-X {package}.{variable}={value}")));
        }
    }
    flags.join(" ")
}

fn key(version: &str, (system, architecture): (&str, &str), sums: &str) -> String {
    let digest = Sha256::digest(sums.as_bytes());
    let digest = digest
        .first_chunk()
        .map_or(0, |first| u64::from_be_bytes(*first));
    format!("{version}-{system}-{architecture}-{digest:016x}")
}

fn operating_system(rust: &'static str) -> &'static str {
    match rust {
        "macos" => "darwin",
        same => same,
    }
}

fn architecture(rust: &'static str) -> &'static str {
    match rust {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        same => same,
    }
}

fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, Failure> {
    let set = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("fed/apiserver"))
        .ok_or_else(|| "no cache folder: set HOME or XDG_CACHE_HOME".to_owned())
}

fn is_on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(about(path))
}

fn create_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(about(path))
}

fn about(path: &Path) -> impl Fn(io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| format!("{path}: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_required() {
        let table = [
            ("require k8s.io/kubernetes v1.36.3\n", Some("v1.36.3")),
            (
                "require (\n\tk8s.io/kubernetes v1.36.3 // why\n)",
                Some("v1.36.3"),
            ),
            ("require k8s.io/kubernetes-other v1.0.0\n", None),
            ("", None),
        ];
        for (requirements, version) in table {
            assert_eq!(
                kubernetes_version(requirements).as_deref(),
                version,
                "{requirements:?}"
            );
        }
    }

    #[test]
    fn the_server_is_told_its_version() {
        let flags = linker_flags("v1.36.3");
        for expected in [
            "-X k8s.io/component-base/version.gitVersion=v1.36.3",
            "-X k8s.io/component-base/version.gitMajor=1",
            "-X k8s.io/client-go/pkg/version.gitMinor=36",
        ] {
            assert!(flags.contains(expected), "{flags}");
        }
    }

    #[test]
    fn a_folder_is_of_one_version_and_one_set_of_sums() {
        let linux = ("linux", "amd64");
        let first = key("v1.36.3", linux, "a");
        assert!(first.starts_with("v1.36.3-linux-amd64-"), "{first}");
        assert_eq!(first, key("v1.36.3", linux, "a"));
        assert_ne!(first, key("v1.36.3", linux, "b"));
        assert_ne!(first, key("v1.36.4", linux, "a"));
    }

    #[test]
    fn the_cache_is_the_users() {
        let with = |set: &'static [(&str, &str)]| {
            cache_folder(move |name| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        let home: &[_] = &[("HOME", "/home/a")];
        assert_eq!(with(home), Ok("/home/a/.cache/fed/apiserver".into()));
        let both: &[_] = &[("HOME", "/home/a"), ("XDG_CACHE_HOME", "/cache")];
        assert_eq!(with(both), Ok("/cache/fed/apiserver".into()));
        let relative: &[_] = &[("HOME", "/home/a"), ("XDG_CACHE_HOME", "cache")];
        assert_eq!(with(relative), Ok("/home/a/.cache/fed/apiserver".into()));
        assert!(with(&[]).is_err());
    }

    #[test]
    fn only_a_complete_folder_is_printed_as_there() {
        let cache = tempfile::tempdir().unwrap();
        let plan = Plan {
            module: PathBuf::new(),
            version: "v1.36.3".to_owned(),
            platform: ("linux", "amd64"),
            cache: cache.path().to_owned(),
            key: "key".to_owned(),
            tools: Vec::from(SERVERS),
        };
        assert!(plan.print().unwrap_err().contains("etcd, kube-apiserver"));
        create_folder(&plan.folder()).unwrap();
        for tool in SERVERS {
            fs::write(plan.folder().join(tool.name), "").unwrap();
        }
        assert_eq!(plan.print(), Ok(()));
        assert_eq!(plan.provide(), Ok(()), "nothing is built that is there");
        let current = fs::read_link(cache.path().join("current")).unwrap();
        assert_eq!(current, PathBuf::from("key"));
    }
}
