//! TLS for `rediss://`: the server must prove by a certificate that it is the host of the URL.

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::io;
use std::sync::Arc;

/// The client's side of a connection that has not begun yet.
///
/// Trusted are the CAs that this machine trusts, or those of the file that the environment variable
/// `SSL_CERT_FILE` names, which is what OpenSSL and all that is built on it read as well.
pub(super) fn client(host: &str) -> io::Result<ClientConnection> {
    let mut roots = RootCertStore::empty();
    // A certificate that can't be read is one CA that is not trusted; the others are all the same.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(io::Error::other(
            "no certificate of any CA is to be found; name a file of them in SSL_CERT_FILE",
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)
}
