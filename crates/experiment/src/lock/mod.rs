//! Criteria that were fixed on a day.

mod canonical_json;
mod criteria;
mod lock;
mod lock_file;
mod lock_plan;
mod locks;
mod recorded_lock;

pub(crate) use criteria::section_names;
pub use criteria::{Criteria, Section};
pub(crate) use lock::lock_state;
pub use lock::{ChangedCriteria, Lock, LockState, Locked};
pub(crate) use lock_plan::plan_lock;
pub use lock_plan::{LockError, LockPlan, NewLock};
pub(crate) use locks::Locks;
