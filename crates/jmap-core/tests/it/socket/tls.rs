//! Encrypted connections, with certificates that are made here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use jmap_core::Client;
use jmap_core::transport::{Body, Hyper, HyperOptions, Transport, TransportError};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{fetch, get, run};

/// Whom people trust who have a network of their own.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = pem(params.self_signed(&key).unwrap().der());
        Self { pem, issuer: Issuer::new(params, key) }
    }

    fn certify(
        &self,
        params: &CertificateParams,
    ) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), PrivatePkcs8KeyDer::from(key.serialize_der()).into())
    }

    /// A transport that trusts nobody else.
    fn trusted(&self) -> Hyper {
        let mut options = HyperOptions::default();
        options.certificates = self.pem.clone().into();
        options.trusts_platform = false;
        Hyper::with(&options).unwrap()
    }
}

/// A certificate as text.
fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// A certificate for this host.
fn of(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).unwrap()
}

/// An encrypted server on this machine, which speaks these protocols.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(authority: &Authority, params: &CertificateParams, protocols: &[&str]) -> Self {
        let (certificate, key) = authority.certify(params);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(acceptor.clone(), stream));
            }
        });
        Self { address, connections }
    }

    fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream) {
    // Whoever does not trust us goes away.
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let is_http_2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let (stream, service) = (TokioIo::new(stream), service_fn(answer));
    let _ = if is_http_2 {
        let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder.serve_connection(stream, service).await
    } else {
        hyper::server::conn::http1::Builder::new().serve_connection(stream, service).await
    };
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, TransportError> {
    let mut response = Response::new(Body::from("Milk"));
    // 90 headers of this length.
    if let Ok(length) = request.uri().path()[1..].parse() {
        for number in 0..90 {
            let name = HeaderName::try_from(format!("x-{number}")).unwrap();
            response.headers_mut().insert(name, "x".repeat(length).parse().unwrap());
        }
    }
    Ok(response)
}

#[test]
fn the_better_protocol_that_both_speak() {
    let cases: [(&[&str], Version); 3] = [
        (&["h2", "http/1.1"], Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ];
    for (protocols, version) in cases {
        run(async {
            let authority = Authority::new("ours");
            let server = Server::start(&authority, &of("127.0.0.1"), protocols).await;
            let transport = authority.trusted();
            for _ in 0..3 {
                let answer = transport.send(get(&server.url("/"))).await.unwrap();
                assert_eq!(answer.version(), version, "{protocols:?}");
                assert_eq!(answer.into_body().collect(4).await.unwrap(), "Milk");
            }
            // One after the other, or at the same time, they share a connection of HTTP/2.
            if version == Version::HTTP_2 {
                let transport = Arc::new(transport);
                let fetch = || {
                    let (transport, url) = (Arc::clone(&transport), server.url("/"));
                    tokio::spawn(async move { fetch(&transport, &url).await.unwrap() })
                };
                for fetched in [fetch(), fetch()] {
                    assert_eq!(fetched.await.unwrap(), "Milk");
                }
                assert_eq!(server.connections(), 1);
            }
        });
    }
}

#[test]
fn an_authority_beside_those_of_the_platform() {
    run(async {
        let authority = Authority::new("ours");
        let server = Server::start(&authority, &of("127.0.0.1"), &["h2"]).await;
        let mut options = HyperOptions::default();
        // Several in a row, with words in between, as files of certificates have them.
        options.certificates =
            format!("Another\n{}\nOurs\n{}", Authority::new("another").pem, authority.pem).into();
        let transport = Hyper::with(&options).unwrap();
        assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Milk");
    });
}

/// What is wrong with a server's certificate; it is of no use to try again.
fn refused(params: &CertificateParams, trusted: impl Fn(&Authority) -> Hyper) -> String {
    run(async {
        let authority = Authority::new("ours");
        let server = Server::start(&authority, params, &["h2", "http/1.1"]).await;
        let connect = Client::builder(server.url("/session?secret")).transport(trusted(&authority));
        let error = connect.connect().await.unwrap_err();
        assert!(!error.is_retryable() && !error.is_outcome_unknown(), "{error:?}");
        assert_eq!(server.connections(), 1);
        error.to_string().replace(&server.address.to_string(), "HOST")
    })
}

#[test]
fn certificates_that_are_not_to_be_trusted() {
    let stranger = |_: &Authority| Authority::new("a stranger's").trusted();
    insta::assert_snapshot!(
        refused(&of("127.0.0.1"), stranger),
        @"cannot connect to https://HOST with encryption: invalid peer certificate: UnknownIssuer"
    );
    let elsewhere = refused(&of("example.com"), Authority::trusted);
    insta::assert_snapshot!(elsewhere, @r#"cannot connect to https://HOST with encryption: invalid peer certificate: certificate not valid for name "127.0.0.1"; certificate is only valid for DnsName("example.com")"#);
    let mut old = of("127.0.0.1");
    old.not_before = date_time_ymd(2019, 1, 1);
    old.not_after = date_time_ymd(2020, 1, 1);
    let expired = refused(&old, Authority::trusted);
    assert!(expired.contains("invalid peer certificate: certificate expired"), "{expired}");
}

#[test]
fn nobody_is_trusted() {
    let mut options = HyperOptions::default();
    options.trusts_platform = false;
    run(async {
        let transport = Hyper::with(&options).unwrap();
        let error = transport.send(get("https://127.0.0.1/")).await.unwrap_err();
        insta::assert_snapshot!(error, @"no certificate is trusted");
        assert!(!error.is_transient());
    });
}

#[test]
fn certificates_that_are_none() {
    let refused = |certificates: &str| {
        let mut options = HyperOptions::default();
        options.certificates = certificates.into();
        run(async { Hyper::with(&options).unwrap_err().to_string() })
    };
    insta::assert_snapshot!(refused("authority.pem"), @"there is no PEM in the certificates to trust");
    let begun = "-----BEGIN CERTIFICATE-----\n";
    insta::assert_snapshot!(refused(begun), @"cannot read certificate 1 to trust");
    insta::assert_snapshot!(refused(&pem(b"Milk")), @"cannot read certificate 1 to trust");
}

/// Whatever its size: nobody can fill the memory of a client with headers.
#[test]
fn a_head_that_is_too_large() {
    for (protocol, path) in [("h2", "/900"), ("h2", "/9000"), ("http/1.1", "/9000")] {
        run(async {
            let authority = Authority::new("ours");
            let server = Server::start(&authority, &of("127.0.0.1"), &[protocol]).await;
            let transport = authority.trusted();
            let error = transport.send(get(&server.url(path))).await.unwrap_err();
            if protocol == "http/1.1" {
                let message = error.to_string().replace(&server.url(""), "SERVER");
                insta::assert_snapshot!(message, @"the connection to SERVER broke: message head is too large");
            }
            // What comes after it is read all the same.
            assert_eq!(fetch(&transport, &server.url("/")).await.unwrap(), "Milk");
        });
    }
}
