//! Numbers that look thrown and are the same every time.

use chrono::Duration;
use uuid::{Builder, Uuid};

use crate::base::clock::Moment;

/// What numbers are wanted for; each has a stream of its own, so that more of one changes nothing of another.
#[derive(Clone, Copy)]
pub enum Stream {
    Organization = 1,
    Groups,
    Names,
    People,
    Invitations,
}

/// SplitMix64: not for secrets.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of the nth thing in a stream.
    pub fn of(seed: u64, stream: Stream, nth: u64) -> Self {
        let mut dice = Self(seed);
        for part in [stream as u64, nth] {
            dice.0 = dice.next() ^ part.wrapping_mul(0xD1B5_4A32_D192_ED03);
        }
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `bound - 1`.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound.max(1))) >> 64) as u64
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// Somewhere between nothing and `most`, to the second.
    pub fn duration(&mut self, most: Duration) -> Duration {
        Duration::seconds(self.below(most.num_seconds().max(0) as u64 + 1) as i64)
    }

    /// A UUIDv7 of this moment.
    pub fn uuid(&mut self, at: Moment) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.next().to_be_bytes());
        random[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        let millis = u64::try_from(at.micros() / 1_000).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_dice_fall_the_same_and_others_differently() {
        let throw = |seed, nth| Dice::of(seed, Stream::People, nth).next();
        assert_eq!(throw(1, 7), throw(1, 7));
        assert_ne!(throw(1, 7), throw(1, 8));
        assert_ne!(throw(1, 7), throw(2, 7));
        assert_ne!(throw(1, 7), Dice::of(1, Stream::Invitations, 7).next());
        assert_eq!(throw(1, 0), 2_356_302_298_441_932_848, "what is made by a seed stays the same for ever");
    }

    #[test]
    fn dice_stay_within_their_bounds_and_reach_them() {
        let mut dice = Dice::of(1, Stream::Names, 0);
        let thrown: Vec<u64> = (0..1_000).map(|_| dice.below(6)).collect();
        assert!((0..6).all(|face| thrown.contains(&face)) && thrown.iter().all(|face| *face < 6));
    }
}
