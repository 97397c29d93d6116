//! A mail server (RFC 5321) on loopback that keeps what it is sent, and can be as unfriendly as real ones are.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use super::PATIENCE;
use super::letter::Letter;
use super::ports::free_port;

pub struct Mailbox {
    port: u16,
    office: Arc<Office>,
}

#[derive(Default)]
struct Office {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    letters: Vec<Letter>,
    /// How often a sender connected, and how often it was refused a recipient.
    visits: usize,
    refusals: usize,
    is_open: bool,
    is_listening: bool,
    is_slow: bool,
    is_forgetful: bool,
    refused: HashMap<String, String>,
    is_greylisting: bool,
    seen: HashSet<String>,
    streams: Vec<TcpStream>,
}

impl Mailbox {
    /// A mail server that accepts everything.
    pub fn open() -> Mailbox {
        let mailbox = Mailbox { port: free_port(), office: Arc::default() };
        mailbox.opens();
        mailbox
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// From now on connections are refused, and those that are open are cut.
    pub fn closes(&self) {
        let mut state = self.office.state();
        state.is_open = false;
        state.streams.drain(..).for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
        drop(state);
        // Wakes the listener, which then lets go of the port.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        self.office.wait("the port to close", |state| (!state.is_listening).then_some(()));
    }

    /// Listens (again, on the same port).
    pub fn opens(&self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).expect("the mailbox's port");
        let mut state = self.office.state();
        state.is_open = true;
        state.is_listening = true;
        drop(state);
        let office = Arc::clone(&self.office);
        std::thread::spawn(move || office.listen(listener));
    }

    /// Answers nothing at all until [`Mailbox::hurries`].
    pub fn dawdles(&self) {
        self.office.state().is_slow = true;
    }

    pub fn hurries(&self) {
        self.office.state().is_slow = false;
        self.office.changed.notify_all();
    }

    /// Takes letters and hangs up before saying so: the sender cannot know, and has to send again.
    pub fn forgets_to_answer(&self, forgets: bool) {
        self.office.state().is_forgetful = forgets;
    }

    /// Refuses one recipient for good; `reply` is the server's line, such as `550 5.1.1 No such person here`.
    pub fn refuses(&self, recipient: &str, reply: &str) {
        self.office.state().refused.insert(recipient.to_lowercase(), reply.to_owned());
    }

    /// Turns every recipient away once (451), and takes the letter when it comes again.
    pub fn greylists(&self) {
        self.office.state().is_greylisting = true;
    }

    /// Waits for a letter to `address` that `is_it` likes.
    pub fn wait_for(&self, address: &str, is_it: impl Fn(&Letter) -> bool) -> Letter {
        self.office.wait(&format!("a letter to {address}"), |state| {
            state.letters.iter().find(|letter| letter.is_to(address) && is_it(letter)).cloned()
        })
    }

    /// Waits for the first letter to `address`.
    pub fn letter_to(&self, address: &str) -> Letter {
        self.wait_for(address, |_| true)
    }

    /// Waits until `count` letters to `address` have come.
    pub fn letters_to(&self, address: &str, count: usize) -> Vec<Letter> {
        self.office.wait(&format!("{count} letters to {address}"), |state| {
            let letters: Vec<_> =
                state.letters.iter().filter(|letter| letter.is_to(address)).cloned().collect();
            (letters.len() >= count).then_some(letters)
        })
    }

    /// Waits until senders have been turned away `count` times (451 or 550).
    pub fn wait_for_refusals(&self, count: usize) {
        self.office.wait("a refused recipient", |state| (state.refusals >= count).then_some(()));
    }

    /// Waits until somebody has connected `count` times.
    pub fn wait_for_visits(&self, count: usize) {
        self.office.wait("a visit", |state| (state.visits >= count).then_some(()));
    }

    /// What has come so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.office.state().letters.clone()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.hurries();
        if self.office.state().is_open {
            self.closes();
        }
    }
}

impl Office {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn wait<T>(&self, what: &str, find: impl Fn(&State) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut state = self.state();
        loop {
            if let Some(found) = find(&state) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let seen: Vec<_> =
                    state.letters.iter().map(|it| format!("{:?}: {}", it.recipients, it.subject)).collect();
                drop(state);
                panic!("waited for {what}; letters so far: {seen:#?}");
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        }
    }

    fn listen(self: Arc<Office>, listener: TcpListener) {
        for stream in listener.incoming() {
            let mut state = self.state();
            if !state.is_open {
                break;
            }
            let Ok(stream) = stream else { continue };
            state.visits += 1;
            state.streams.extend(stream.try_clone());
            self.changed.notify_all();
            drop(state);
            let office = Arc::clone(&self);
            // A sender that goes away in mid-sentence is no failure of ours.
            std::thread::spawn(move || drop(office.serve(stream)));
        }
        drop(listener);
        self.state().is_listening = false;
        self.changed.notify_all();
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut talk = Talk { reader: BufReader::new(stream.try_clone()?), writer: stream, office: self };
        let mut sender = String::new();
        let mut recipients = Vec::new();
        talk.say("220 mail.test ESMTP")?;
        while let Some(line) = talk.hear()? {
            let (verb, rest) = line.split_at(line.find([' ', ':']).unwrap_or(line.len()));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => talk.say(
                    "250-mail.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 SIZE 10485760",
                )?,
                "HELO" | "NOOP" => talk.say("250 Fine")?,
                "RSET" | "MAIL" => {
                    recipients.clear();
                    sender = address(rest);
                    talk.say("250 2.1.0 Fine")?;
                }
                "RCPT" => match self.verdict(&address(rest)) {
                    Some(refusal) => talk.say(&refusal)?,
                    None => {
                        recipients.push(address(rest));
                        talk.say("250 2.1.5 Fine")?;
                    }
                },
                "DATA" if recipients.is_empty() => talk.say("503 5.5.1 No recipients")?,
                "DATA" => {
                    talk.say("354 Go ahead")?;
                    let raw = talk.hear_letter()?;
                    if self.keep(Letter::parse(&sender, &recipients, &raw)) {
                        talk.say("250 2.0.0 Kept")?;
                    } else {
                        return talk.writer.shutdown(Shutdown::Both);
                    }
                }
                "QUIT" => return talk.say("221 2.0.0 Goodbye"),
                _ => talk.say("502 5.5.2 Not a word of mine")?,
            }
        }
        Ok(())
    }

    /// The line that refuses this recipient, if it is refused.
    fn verdict(&self, recipient: &str) -> Option<String> {
        let recipient = recipient.to_lowercase();
        let mut state = self.state();
        let is_new = state.is_greylisting && state.seen.insert(recipient.clone());
        let greylisted = is_new.then(|| "451 4.7.1 Greylisted, come again later".to_owned());
        let refusal = state.refused.get(&recipient).cloned().or(greylisted)?;
        state.refusals += 1;
        self.changed.notify_all();
        Some(refusal)
    }

    /// Keeps the letter, and says whether to tell the sender.
    fn keep(&self, letter: Letter) -> bool {
        let mut state = self.state();
        state.letters.push(letter);
        self.changed.notify_all();
        !state.is_forgetful
    }
}

struct Talk<'o> {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    office: &'o Office,
}

impl Talk<'_> {
    fn say(&mut self, line: &str) -> std::io::Result<()> {
        let mut state = self.office.state();
        while state.is_slow {
            state = self.office.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        drop(state);
        self.writer.write_all(format!("{line}\r\n").as_bytes())
    }

    fn hear(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        Ok((self.reader.read_line(&mut line)? > 0).then(|| line.trim_end().to_owned()))
    }

    /// The letter up to the line with a single dot, with doubled dots undone.
    fn hear_letter(&mut self) -> std::io::Result<Vec<u8>> {
        let mut letter = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.reader.by_ref().read_until(b'\n', &mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            match line.as_slice() {
                b".\r\n" => return Ok(letter),
                [b'.', rest @ ..] => letter.extend_from_slice(rest),
                whole => letter.extend_from_slice(whole),
            }
        }
    }
}

/// What stands between the angle brackets of `FROM:<…>` or `TO:<…>`.
fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or("", |(address, _)| address).to_owned()
}
