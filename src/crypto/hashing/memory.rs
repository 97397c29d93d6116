//! Argon2id in memory that is used again for the next hash.

use argon2::{Argon2, Block, password_hash, password_hash::phc};

/// What a thread hashes in. Taken anew for every hash, it would stay behind in pieces: the system's allocator seldom
/// fits one aligned block into the place of another of its size.
#[derive(Default)]
pub struct Memory(Vec<Block>);

/// More than this the system's allocator always takes straight from the system, and gives back at once when it is let
/// go. What is reserved and never touched costs nothing.
const GIVEN_BACK: usize = 33 * 1024 * 1024 / Block::SIZE;

impl Memory {
    /// A PHC string with a new salt.
    pub fn hash(&mut self, argon2: &Argon2<'_>, password: &[u8]) -> password_hash::Result<String> {
        let (params, salt) = (argon2.params(), phc::Salt::generate());
        let length = params.output_len().unwrap_or(argon2::Params::DEFAULT_OUTPUT_LEN);
        let hash = phc::PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(argon2::Version::V0x13.into()),
            params: phc::ParamsString::try_from(params)?,
            salt: Some(salt),
            hash: Some(self.derive(argon2, password, &salt, length)?),
        };
        Ok(hash.to_string())
    }

    /// Whether the password makes this hash, at the cost that the hash itself names. Compares in constant time.
    pub fn verify(&mut self, password: &[u8], stored: &phc::PasswordHash) -> password_hash::Result<bool> {
        let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
        let version = stored.version.map(argon2::Version::try_from).transpose()?.unwrap_or_default();
        let algorithm = argon2::Algorithm::try_from(stored.algorithm.as_str())?;
        let argon2 = Argon2::new(algorithm, version, argon2::Params::try_from(stored)?);
        Ok(self.derive(&argon2, password, salt, expected.len())? == *expected)
    }

    fn derive(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        length: usize,
    ) -> password_hash::Result<phc::Output> {
        let blocks = argon2.params().block_count();
        if self.0.capacity() < blocks {
            self.0 = Vec::with_capacity(blocks.max(GIVEN_BACK));
        }
        self.0.resize(blocks, Block::default());
        let mut output = [0; phc::Output::MAX_LENGTH];
        let output = output.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
        argon2.hash_password_into_with_memory(password, salt, output, &mut self.0)?;
        Ok(phc::Output::new(output)?)
    }
}

#[cfg(test)]
mod tests {
    use argon2::{Params, PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn what_is_hashed_in_memory_used_again_is_what_the_crate_itself_hashes() {
        let mut memory = Memory::default();
        for (memory_kib, passes) in [(64, 2), (16, 1), (128, 3)] {
            let params = Params::new(memory_kib, passes, 1, None).unwrap();
            let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
            let ours = memory.hash(&argon2, b"engines weave algebra").unwrap();
            assert!(argon2.verify_password(b"engines weave algebra", ours.as_str()).is_ok(), "{ours}");
            let theirs = argon2.hash_password(b"engines weave algebra").unwrap();
            assert!(memory.verify(b"engines weave algebra", &theirs).unwrap());
            assert!(!memory.verify(b"engines weave algebr", &theirs).unwrap());
        }
    }
}
