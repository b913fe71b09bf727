//! Over real sockets: servers that do exactly what a test says, octet by octet.

mod blocking;
mod events;
mod exchanges;
mod gzip;
mod tls;

use std::future::Future;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jmap_core::transport::{Body, Hyper, Transport, TransportError};

/// A server on this machine.
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Does `serve` with every connection, each in a thread of its own; they are counted from 0.
    pub(crate) fn start(serve: impl Fn(usize, Connection) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counter, serve) = (Arc::clone(&connections), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (index, serve) = (counter.fetch_add(1, Ordering::SeqCst), Arc::clone(&serve));
                thread::spawn(move || serve(index, Connection::new(stream.unwrap())));
            }
        });
        Self { address, connections }
    }

    /// Answers every request on every connection with these octets.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |_, mut connection| {
            while connection.request().is_some() {
                connection.send(&answer);
            }
        })
    }

    /// An address that nobody listens on.
    pub(crate) fn gone() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// The server's end of a connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// The head of the next request, when the whole request is there; `None` if the client has closed the connection.
    pub(crate) fn request(&mut self) -> Option<String> {
        self.head_and_body().map(|(head, _)| head)
    }

    /// The next request, as [`request`](Self::request).
    pub(crate) fn head_and_body(&mut self) -> Option<(String, Vec<u8>)> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).unwrap_or(0) == 0 {
                return None;
            }
        }
        let length = head.to_ascii_lowercase();
        let length = length.lines().find_map(|line| line.strip_prefix("content-length:"));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
        self.stream.read_exact(&mut body).ok()?;
        Some((head, body))
    }

    /// Sends octets, whether anybody is there to take them or not.
    pub(crate) fn send(&mut self, octets: impl AsRef<[u8]>) {
        let _ = self.stream.get_mut().write_all(octets.as_ref());
    }

    /// Whether the client closes the connection, without a further word and soon.
    pub(crate) fn is_closed_by_client(&mut self) -> bool {
        match self.stream.read(&mut [0; 64]) {
            Ok(octets) => octets == 0,
            Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }

    /// Sends octets and resets the connection, by closing it while there is something to read.
    pub(crate) fn reset(self, octets: impl AsRef<[u8]>) {
        let mut stream = self.stream.into_inner();
        let _ = stream.peek(&mut [0]);
        let _ = stream.write_all(octets.as_ref());
        thread::sleep(Duration::from_millis(50));
    }

    /// Takes whatever comes and says nothing, until the client closes the connection.
    pub(crate) fn be_silent(mut self) {
        let _ = std::io::copy(&mut self.stream, &mut std::io::sink());
    }
}

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a test on a tokio runtime; nothing may hang.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, test).await }).expect("it hangs")
}

pub(crate) fn get(url: &str) -> http::Request<Body> {
    http::Request::get(url).body(Body::empty()).unwrap()
}

/// The whole answer to a request.
pub(crate) async fn fetch(transport: &Hyper, url: &str) -> Result<String, TransportError> {
    let mut body = transport.send(get(url)).await?.into_body();
    let mut octets = Vec::new();
    while let Some(piece) = body.next().await {
        octets.extend(piece?);
    }
    Ok(String::from_utf8(octets).unwrap())
}

/// An answer with a body whose length is said.
pub(crate) fn answer(headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer =
        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}
