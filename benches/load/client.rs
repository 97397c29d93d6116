//! As little of HTTP as will do, so that the machine is busy with the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

pub struct Connection {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub cookie: Option<String>,
}

impl Connection {
    pub fn to(address: SocketAddr) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream: BufReader::with_capacity(64 * 1024, stream), body: Vec::new() })
    }

    /// Sends a request and reads the whole answer.
    pub fn ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let mut answer = Answer { status: 0, cookie: None };
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end();
            match line.split_once(": ") {
                None if line.is_empty() => break,
                None => answer.status = line.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0),
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().unwrap_or(0);
                }
                Some((name, value)) if name.eq_ignore_ascii_case("set-cookie") => {
                    let pair = value.split(';').next().unwrap_or_default();
                    if pair.starts_with("roster=") {
                        answer.cookie = Some(pair.to_owned());
                    }
                }
                Some((name, _)) if name.eq_ignore_ascii_case("transfer-encoding") => {
                    panic!("the server said chunked, which this client does not read")
                }
                Some(_) => {}
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok(answer)
    }

    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n")
        .into_bytes()
}

/// A question to the API with a token, and the JSON that it sends, if any.
pub fn bears(path: &str, token: &str, json: Option<&str>) -> Vec<u8> {
    let (method, json) = (if json.is_some() { "POST" } else { "GET" }, json.unwrap_or_default());
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    )
    .into_bytes()
}

/// A form from a machine of its own, as a proxy tells it.
pub fn post(path: &str, fields: &str, from: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-For: {from}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{fields}",
        fields.len()
    )
    .into_bytes()
}
