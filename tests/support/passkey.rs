//! A passkey without a browser, written from the WebAuthn standard: it answers questions as script writes them down.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::person::Person;

/// The person is there, and was verified by the lock of the device.
const PRESENT_AND_VERIFIED: u8 = 0b101;
const WITH_CREDENTIAL: u8 = 0b100_0000;

pub struct Passkey {
    origin: Url,
    key: SigningKey,
    id: Vec<u8>,
    owner: String,
}

impl Passkey {
    /// One for the account that this question is for, and the answer to it.
    pub fn made(person: &Person, question: &Value) -> (Passkey, String) {
        let random = [*uuid::Uuid::new_v4().as_bytes(), *uuid::Uuid::new_v4().as_bytes()].concat();
        let owner = question["user"]["id"].as_str().expect("an account").to_owned();
        let key = SigningKey::from_slice(&random).expect("a key");
        let passkey = Passkey { origin: person.base().clone(), key, id: random[..16].to_vec(), owner };
        let response = json!({
            "clientDataJSON": passkey.client("webauthn.create", question),
            "attestationObject": BASE64.encode(passkey.attested()),
            "transports": ["internal"],
        });
        let answer = passkey.credential(response);
        (passkey, answer)
    }

    /// The answer to a question at sign-in. The counter stays at zero, as that of passkeys that are synchronized.
    pub fn answers(&self, question: &Value) -> String {
        let client = self.client("webauthn.get", question);
        let device = self.device(PRESENT_AND_VERIFIED);
        let hash = Sha256::digest(BASE64.decode(&client).expect("base 64"));
        let signature: Signature = self.key.sign(&[device.as_slice(), hash.as_slice()].concat());
        self.credential(json!({
            "clientDataJSON": client,
            "authenticatorData": BASE64.encode(&device),
            "signature": BASE64.encode(signature.to_der().as_bytes()),
            "userHandle": self.owner,
        }))
    }

    fn credential(&self, response: Value) -> String {
        let id = BASE64.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
            .to_string()
    }

    /// What the browser signs for: the kind of ceremony, the question, and the page.
    fn client(&self, ceremony: &str, question: &Value) -> String {
        let origin = self.origin.origin().ascii_serialization();
        let told = json!({ "type": ceremony, "challenge": question["challenge"], "origin": origin });
        BASE64.encode(told.to_string())
    }

    /// What the device signs for: the host, what it knows of the person, and its counter.
    fn device(&self, flags: u8) -> Vec<u8> {
        let host = Sha256::digest(self.origin.host_str().expect("a host"));
        [host.as_slice(), &[flags], &[0; 4]].concat()
    }

    /// The public key as CBOR (COSE, ES256), without a statement about the device.
    fn attested(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_bytes();
        let (x, y) = point[point.len() - 64..].split_at(32);
        let key = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat();
        let device = self.device(PRESENT_AND_VERIFIED | WITH_CREDENTIAL);
        let told = [device.as_slice(), &[0; 16], &[0, 16], &self.id, &key].concat();
        let length = u8::try_from(told.len()).expect("less than 256 bytes");
        let head = [&[0xa3, 0x63], b"fmt".as_slice(), &[0x64], b"none", &[0x67], b"attStmt", &[0xa0, 0x68]];
        [head.concat().as_slice(), b"authData", &[0x58, length], &told].concat()
    }
}
