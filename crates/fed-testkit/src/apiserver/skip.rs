//! What does a test do where there are no API servers? It says so loudly, or fails where it must
//! not be skipped.

use std::env;
use std::io::{self, Write};
use std::thread;

use super::{Assets, MissingAssets};

/// The variable that makes missing servers a failure: CI sets it to `1`.
const REQUIRED: &str = "FED_REQUIRE_APISERVER";

const SKIPPED: &str = "SKIPPED: no API servers (KUBEBUILDER_ASSETS); run cargo xtask apiserver";

/// Which programs a test cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// kube-apiserver and etcd.
    ApiServer,
    /// kube-controller-manager too.
    ControllerManager,
}

/// The [`Assets`] of this machine; where there are none, a line on stderr says that
/// the calling test is skipped, and the test returns.
///
/// With `FED_REQUIRE_APISERVER=1` the test fails instead. A test that needs the controller manager
/// says `assets_or_skip!(controller_manager)`.
#[macro_export]
macro_rules! assets_or_skip {
    () => {
        $crate::assets_or_skip!(@ ApiServer)
    };
    (controller_manager) => {
        $crate::assets_or_skip!(@ ControllerManager)
    };
    (@ $needs:ident) => {
        match $crate::apiserver::assets_for($crate::apiserver::Needs::$needs) {
            ::core::option::Option::Some(assets) => assets,
            ::core::option::Option::None => return,
        }
    };
}

/// The assets that a test needs; or nothing, after a line on stderr that it is skipped. What
/// [`assets_or_skip!`](crate::assets_or_skip) expands to.
///
/// # Panics
///
/// Where they are missing and `FED_REQUIRE_APISERVER` is `1`.
pub fn assets_for(needs: Needs) -> Option<Assets> {
    let required = env::var_os(REQUIRED).is_some_and(|value| value == "1");
    match decide(Assets::locate(), needs, required) {
        Verdict::Run(assets) => Some(assets),
        Verdict::Skip(reason) => {
            let test = thread::current();
            let test = test.name().unwrap_or("a test");
            // Written past the test harness, which keeps to itself what passing tests print;
            // in one piece, since several tests are skipped at once.
            let line = format!("{SKIPPED} [{test}: {reason}]\n");
            let _ = io::stderr().write_all(line.as_bytes());
            None
        }
        #[allow(clippy::panic, reason = "a test that may not be skipped has to fail")]
        Verdict::Fail(reason) => panic!("no API servers, and {REQUIRED} is 1: {reason}"),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Run(Assets),
    Skip(String),
    Fail(String),
}

fn decide(located: Result<Assets, MissingAssets>, needs: Needs, required: bool) -> Verdict {
    let reason = match located {
        Ok(assets)
            if needs == Needs::ControllerManager && assets.kube_controller_manager().is_none() =>
        {
            format!(
                "{} has no kube-controller-manager",
                assets.folder().display()
            )
        }
        Ok(assets) => return Verdict::Run(assets),
        Err(missing) => missing.to_string(),
    };
    if required {
        Verdict::Fail(reason)
    } else {
        Verdict::Skip(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_skipped_unless_it_is_required() {
        let missing = || Err(MissingAssets::NowhereToLook);
        let reason = MissingAssets::NowhereToLook.to_string();
        assert_eq!(
            decide(missing(), Needs::ApiServer, false),
            Verdict::Skip(reason.clone())
        );
        assert_eq!(
            decide(missing(), Needs::ApiServer, true),
            Verdict::Fail(reason)
        );
    }
    #[test]
    fn a_folder_without_a_controller_manager_will_do_where_none_is_needed() {
        let folder = tempfile::tempdir().unwrap();
        for program in ["etcd", "kube-apiserver"] {
            std::fs::write(folder.path().join(program), "").unwrap();
        }
        let assets = Assets::in_folder(folder.path()).unwrap();
        let run = Verdict::Run(assets.clone());
        assert_eq!(decide(Ok(assets.clone()), Needs::ApiServer, true), run);
        assert!(matches!(
            decide(Ok(assets), Needs::ControllerManager, true),
            Verdict::Fail(reason) if reason.ends_with("has no kube-controller-manager")
        ));
    }
}
