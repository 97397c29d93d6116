//! The states of a request and what leads from one to another.

use crate::db::sql_text_enum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has answered yet.
    Pending,
    /// The role is held until its end.
    Approved,
    Denied,
    /// Nobody answered in time.
    Expired,
    /// It was approved, and the role is held no more.
    Ended,
    /// It was taken back before anybody answered.
    Withdrawn,
}

sql_text_enum!(State {
    Pending = "pending",
    Approved = "approved",
    Denied = "denied",
    Expired = "expired",
    Ended = "ended",
    Withdrawn = "withdrawn",
});

/// What can happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Approve,
    Deny,
    Withdraw,
    /// The requester gives the role back, or an administrator takes it.
    End,
    /// The time is up: for an answer, or of the grant.
    Lapse,
}

impl State {
    /// The state after this act; nothing when the act is not possible any more, or not yet.
    pub fn after(self, act: Act) -> Option<State> {
        match (self, act) {
            (State::Pending, Act::Approve) => Some(State::Approved),
            (State::Pending, Act::Deny) => Some(State::Denied),
            (State::Pending, Act::Withdraw) => Some(State::Withdrawn),
            (State::Pending, Act::Lapse) => Some(State::Expired),
            (State::Approved, Act::End | Act::Lapse) => Some(State::Ended),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 6] =
        [State::Pending, State::Approved, State::Denied, State::Expired, State::Ended, State::Withdrawn];
    const ACTS: [Act; 5] = [Act::Approve, Act::Deny, Act::Withdraw, Act::End, Act::Lapse];

    #[test]
    fn six_ways_lead_on_and_no_other() {
        let ways: Vec<_> = STATES
            .into_iter()
            .flat_map(|from| ACTS.map(|act| (from, act, from.after(act))))
            .filter_map(|(from, act, to)| Some((from, act, to?)))
            .collect();
        assert_eq!(
            ways,
            [
                (State::Pending, Act::Approve, State::Approved),
                (State::Pending, Act::Deny, State::Denied),
                (State::Pending, Act::Withdraw, State::Withdrawn),
                (State::Pending, Act::Lapse, State::Expired),
                (State::Approved, Act::End, State::Ended),
                (State::Approved, Act::Lapse, State::Ended),
            ]
        );
    }

    #[test]
    fn nothing_happens_twice_and_every_way_comes_to_an_end_after_two_acts() {
        for first in ACTS {
            for second in ACTS {
                for third in ACTS {
                    let steps = [first, second, third];
                    let end = steps.iter().try_fold(State::Pending, |state, act| state.after(*act));
                    assert_eq!(end, None, "{steps:?}");
                }
            }
            for state in STATES {
                assert_eq!(state.after(first).and_then(|state| state.after(first)), None);
            }
        }
    }

    #[test]
    fn only_an_approval_gives_a_role() {
        let gives: Vec<_> = STATES
            .into_iter()
            .flat_map(|from| ACTS.map(|act| (from, act)))
            .filter(|(from, act)| from.after(*act) == Some(State::Approved))
            .collect();
        assert_eq!(gives, [(State::Pending, Act::Approve)]);
    }

    #[test]
    fn a_state_is_read_back_from_its_word() {
        for state in STATES {
            assert_eq!(state.as_str().parse::<State>().unwrap(), state);
        }
    }
}
