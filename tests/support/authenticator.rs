//! An authenticator app, written from RFC 6238, RFC 4226, RFC 2104 and FIPS 180-4 alone: it shares no line with the console.

use roster::base::clock::Moment;
use url::Url;

pub struct Authenticator {
    key: Vec<u8>,
    /// As the app lists it: issuer and account.
    pub label: String,
}

impl Authenticator {
    /// From the key as somebody types it.
    pub fn typed(key: &str) -> Authenticator {
        Authenticator { key: base32(key), label: String::new() }
    }

    /// From what the QR code says.
    pub fn scanned(address: &str) -> Authenticator {
        let url = Url::parse(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")), "{address}");
        let value =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        for (name, standard) in [("digits", "6"), ("period", "30"), ("algorithm", "SHA1")] {
            assert!(value(name).is_none_or(|value| value == standard), "{address}");
        }
        let label = percent_decoded(url.path().trim_start_matches('/'));
        assert_eq!(value("issuer").as_deref(), label.split(':').next(), "{address}");
        Authenticator { key: base32(&value("secret").expect("a secret")), label }
    }

    /// The code that is shown at this moment.
    pub fn code(&self, at: Moment) -> String {
        let counter = u64::try_from(at.utc().timestamp() / 30).expect("a time after 1970");
        let mac = hmac_sha1(&self.key, &counter.to_be_bytes());
        let offset = usize::from(mac[19] & 0x0f);
        let word = u32::from_be_bytes(mac[offset..offset + 4].try_into().expect("four bytes"));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}

fn percent_decoded(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().expect("a value").1.into_owned()
}

fn base32(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        let value = ALPHABET.find(letter).unwrap_or_else(|| panic!("{letter:?} is no base 32"));
        held = held << 5 | u32::try_from(value).expect("five bits");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    bytes
}

fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = sha1(&[&block.map(|byte| byte ^ 0x36), message].concat());
    sha1(&[block.map(|byte| byte ^ 0x5c).as_slice(), &inner].concat())
}

fn sha1(message: &[u8]) -> [u8; 20] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((message.len() + 9).next_multiple_of(64) - 8, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded.chunks(64) {
        let mut words: Vec<u32> =
            block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().expect("four bytes"))).collect();
        for t in 16..80 {
            words.push((words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (t, word) in words.iter().enumerate() {
            let (mixed, constant) = match t / 20 {
                0 => (b & c | !b & d, 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next.wrapping_add(*word));
        }
        for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(word);
        }
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.try_into().expect("twenty bytes")
}
