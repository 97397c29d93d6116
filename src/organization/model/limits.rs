//! How long sessions last.

use chrono::Duration;

use crate::base::clock::Moment;

/// After how many minutes without a request a session may end.
pub const IDLE_MINUTES: [i32; 9] = [15, 30, 60, 120, 240, 480, 720, 1_440, 4_320];
/// After how many minutes a session may end in any case; none lives longer than thirty days.
pub const OVERALL_MINUTES: [i32; 7] = [60, 480, 720, 1_440, 10_080, 20_160, 43_200];

/// After how many minutes sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub idle: i32,
    pub overall: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsRefusal {
    Idle,
    Overall,
    /// A session would be over before it could be idle for so long.
    IdleBeyondOverall,
}

impl Limits {
    /// Only lengths that are offered are taken.
    pub fn of(idle: Option<i32>, overall: Option<i32>) -> Result<Self, LimitsRefusal> {
        let idle = idle.filter(|it| IDLE_MINUTES.contains(it)).ok_or(LimitsRefusal::Idle)?;
        let overall = overall.filter(|it| OVERALL_MINUTES.contains(it)).ok_or(LimitsRefusal::Overall)?;
        if idle > overall { Err(LimitsRefusal::IdleBeyondOverall) } else { Ok(Self { idle, overall }) }
    }

    /// When sessions must have been seen and begun since, to live at this moment.
    pub fn since(self, now: Moment) -> (Moment, Moment) {
        let before = |minutes: i32| now.minus(Duration::minutes(minutes.into()));
        (before(self.idle), before(self.overall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_cannot_be_idle_longer_than_it_lives() {
        assert_eq!(Limits::of(Some(15), Some(60)), Ok(Limits { idle: 15, overall: 60 }));
        assert_eq!(Limits::of(Some(1_440), Some(60)), Err(LimitsRefusal::IdleBeyondOverall));
        assert_eq!(Limits::of(Some(1), Some(60)), Err(LimitsRefusal::Idle));
        assert_eq!(Limits::of(Some(15), Some(99_999)), Err(LimitsRefusal::Overall));
        assert_eq!(Limits::of(None, None), Err(LimitsRefusal::Idle));
    }
}
