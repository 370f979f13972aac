//! By what are a server and its tokens believed? A certificate authority and keys that live as
//! long as the server.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{CertifiedIssuer, KeyPair};

use super::StartError;
use super::error::system;
use crate::authority;

/// The files of a server's identity, and its authority's certificate.
pub(super) struct Certificates {
    pub(super) authority_pem: String,
    pub(super) authority: PathBuf,
    pub(super) serving_certificate: PathBuf,
    pub(super) serving_key: PathBuf,
    /// Signs the tokens of service accounts.
    pub(super) service_account_key: PathBuf,
    /// Verifies them.
    pub(super) service_account_public_key: PathBuf,
}

impl Certificates {
    pub(super) fn write_into(folder: &Path) -> Result<Self, StartError> {
        let issuer = CertifiedIssuer::self_signed(authority::params()?, KeyPair::generate()?)?;
        let serving_key = KeyPair::generate()?;
        let serving = authority::serving([])?.signed_by(&serving_key, &issuer)?;
        let accounts = KeyPair::generate()?;
        let authority_pem = issuer.pem();
        Ok(Self {
            authority: write(folder, "ca.crt", &authority_pem)?,
            serving_certificate: write(folder, "serving.crt", &serving.pem())?,
            serving_key: write(folder, "serving.key", &serving_key.serialize_pem())?,
            service_account_key: write(folder, "service-account.key", &accounts.serialize_pem())?,
            service_account_public_key: write(
                folder,
                "service-account.pub",
                &accounts.public_key_pem(),
            )?,
            authority_pem,
        })
    }
}

pub(super) fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, StartError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(system(format!("cannot write {}", path.display())))?;
    Ok(path)
}
