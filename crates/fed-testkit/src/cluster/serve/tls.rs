//! By what do clients know the port? A certificate of an authority of its own.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{CertifiedIssuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::ServeError;
use crate::authority;

pub(super) struct Identity {
    pub(super) authority_pem: String,
    pub(super) acceptor: TlsAcceptor,
}

impl Identity {
    pub(super) fn of(address: IpAddr) -> Result<Self, ServeError> {
        let issuer = CertifiedIssuer::self_signed(authority::params()?, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = authority::serving([address])?.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // The provider is named, as a library must not choose one for the whole process.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            authority_pem: issuer.pem(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}
