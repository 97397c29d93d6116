//! Moving everything from one database into another.

use crate::{
    backup::{
        CopyStep, NotDone,
        store::copy::{self, Source, Target},
    },
    db::{Fault, Place, Stop},
};

/// What a copy is.
#[derive(Debug)]
pub struct Copied {
    pub rows: u64,
    pub tables: usize,
    /// Of the secret key without which it does not open.
    pub fingerprint: String,
    /// Acts that were done on the source after the moment that was copied, as its audit counts them.
    pub missed: i64,
}

/// Makes an empty database into what another is at this moment, and verifies every table by its count of rows and a
/// checksum read back. One that was interrupted goes on where it was when it is asked for again: the source is read
/// from its beginning, and only what the target lacks is written. If what the target has is not what the source now
/// says, the copy begins anew, so that what comes of it is always one moment of the source.
pub fn copy(from: &Place, to: &Place, tell: &dyn Fn(CopyStep)) -> Result<Copied, NotDone> {
    if from == to {
        return Err(NotDone::SamePlace);
    }
    let tables = copy::tables()?;
    let mut source = Source::open(from)?;
    let mut target = Target::open(to, &source)?;
    if target.rows_there() > 0 {
        tell(CopyStep::GoesOn { rows: target.rows_there() });
    }
    let rows = match copy::transfer(&mut source, &mut target, &tables, tell) {
        Ok(rows) => rows,
        Err(Stop::Refused(_)) => {
            tell(CopyStep::BeginsAnew);
            source = Source::open(from)?;
            target.begin(&source, &tables)?;
            copy::transfer(&mut source, &mut target, &tables, tell).map_err(fault_of)?
        }
        Err(stop) => return Err(fault_of(stop).into()),
    };
    tell(CopyStep::Verifying);
    target.verify(&tables)?;
    target.finish()?;
    let missed = Source::acts_since(from, source.acts())?;
    Ok(Copied { rows, tables: tables.len(), fingerprint: source.fingerprint, missed })
}

fn fault_of(stop: Stop<copy::Changed>) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Refused(_) => Fault::broken("copying", "one transaction read the same rows in two ways"),
    }
}
