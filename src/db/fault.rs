//! What goes wrong: a [`Fault`] is ours, a refusal is for the person; a [`Stop`] is either.

use std::{error::Error, fmt};

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// We failed. Shown as a 500 page, or 503 when waiting may help; logged once with its chain of causes.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    doing: &'static str,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The database is away, the disk is full, or too much waits: nothing was changed, later may work.
    Unavailable,
    /// A mistake of ours, or data that cannot be.
    Broken,
}

impl Fault {
    pub fn unavailable(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Unavailable, doing, cause: Some(cause.into()) }
    }

    pub fn broken(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: FaultKind::Broken, doing, cause: Some(cause.into()) }
    }

    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    pub fn is_unavailable(&self) -> bool {
        self.kind == FaultKind::Unavailable
    }

    fn database_cause(&self) -> Option<&DieselError> {
        self.cause.as_deref()?.downcast_ref::<DieselError>()
    }

    /// Another transaction was in the way; the same one may go through when run again.
    pub fn is_worth_another_try(&self) -> bool {
        match self.database_cause() {
            Some(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Some(DieselError::DatabaseError(_, info)) => info.message().contains("deadlock detected"),
            _ => false,
        }
    }

    /// The unique rule that a write broke, if that is what happened.
    pub fn conflict(&self) -> Option<super::conflict::Rule> {
        super::conflict::Rule::broken_by(self.database_cause()?)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.doing)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl From<DieselError> for Fault {
    fn from(error: DieselError) -> Self {
        let kind = if comes_from_outside(&error) { FaultKind::Unavailable } else { FaultKind::Broken };
        Self { kind, doing: "asking the database", cause: Some(error.into()) }
    }
}

/// A lost connection, a full disk, a lock held too long: not our mistake, and not for ever.
fn comes_from_outside(error: &DieselError) -> bool {
    const SIGNS: [&str; 12] = [
        "disk is full",
        "disk I/O error",
        "No space left",
        "database is locked",
        "unable to open database",
        "readonly database",
        "server closed the connection",
        "terminating connection",
        "could not connect",
        "connection to server",
        "no connection to the server",
        "the database system is",
    ];
    match error {
        DieselError::BrokenTransactionManager => true,
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => true,
        DieselError::DatabaseError(_, info) => SIGNS.iter().any(|sign| info.message().contains(sign)),
        DieselError::RollbackErrorOnCommit { rollback_error, commit_error } => {
            comes_from_outside(rollback_error) || comes_from_outside(commit_error)
        }
        _ => false,
    }
}

/// Why a command did not happen: refused with the person's way out, or failed.
#[derive(Debug)]
pub enum Stop<R> {
    Refused(R),
    Fault(Fault),
}

impl<R> From<Fault> for Stop<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R> From<DieselError> for Stop<R> {
    fn from(error: DieselError) -> Self {
        Self::Fault(error.into())
    }
}

impl<R> Stop<R> {
    pub fn map<S>(self, with: impl FnOnce(R) -> S) -> Stop<S> {
        match self {
            Self::Refused(refusal) => Stop::Refused(with(refusal)),
            Self::Fault(fault) => Stop::Fault(fault),
        }
    }
}

/// What a transaction may fail with: it must be able to say that the database failed.
pub trait Failure: From<Fault> {
    fn fault(&self) -> Option<&Fault>;
}

impl Failure for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

impl<R> Failure for Stop<R> {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Refused(_) => None,
        }
    }
}
