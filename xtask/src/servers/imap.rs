//! As much of IMAP as it takes to log in once.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::path::Path;

/// Logs in and out over a local socket.
pub(super) fn login(socket: &Path, user: &str, password: &str) -> io::Result<()> {
    talk(connect(socket)?, user, password)
}

/// Both commands at once: the server answers them in order. Names and passwords of the tests need no quotes.
fn talk(mut stream: impl Read + Write, user: &str, password: &str) -> io::Result<()> {
    write!(stream, "a LOGIN {user} {password}\r\nb LOGOUT\r\n")?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if let Some(answer) = line.strip_prefix("a ") {
            let is_ok = answer.starts_with("OK");
            return if is_ok { Ok(()) } else { Err(io::Error::other(line)) };
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(unix)]
fn connect(socket: &Path) -> io::Result<impl Read + Write + use<>> {
    let stream = std::os::unix::net::UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30)))?;
    Ok(stream)
}

/// Debian's Cyrus runs nowhere else; the other tasks do.
#[cfg(not(unix))]
fn connect(_: &Path) -> io::Result<std::net::TcpStream> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Answers with what it was made of, and forgets what it is told.
    struct Server(Cursor<&'static str>);

    impl Read for Server {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Server {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn takes_nothing_but_ok_for_a_login() {
        let talk =
            |text| talk(Server(Cursor::new(text)), "u", "p").map_err(|error| error.to_string());
        assert_eq!(talk("* OK hello\r\na OK [X] in\r\n* BYE\r\nb OK out\r\n"), Ok(()));
        assert_eq!(talk("* OK hello\r\na NO bad\r\n"), Err("a NO bad".to_owned()));
        assert!(talk("* OK hello\r\n").is_err());
        assert!(talk("").is_err());
    }
}
