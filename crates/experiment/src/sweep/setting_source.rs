//! Where the values of settings come from.

use settings::{Given, Setting, Setup, WrongValue};

use super::axes::{Axes, FieldRef};
use crate::format::CaseValue;

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SettingSource {
    /// From `setup` at the top of the file.
    Shared(CaseValue),
    /// From the run itself.
    Own(CaseValue),
    /// From an axis.
    Varied(FieldRef),
}

/// A value that a setting does not take.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{}` cannot be `{value}`: it takes {}", setting.path(), wrong.0)]
pub(crate) struct WrongSetting {
    pub(crate) setting: Setting,
    pub(crate) value: String,
    pub(crate) wrong: WrongValue,
}

/// Gives a setting a value of the file or of an axis.
///
/// # Errors
///
/// The setting does not take it.
pub(crate) fn apply(
    setup: &mut Setup,
    setting: Setting,
    value: &CaseValue,
) -> Result<(), WrongSetting> {
    let applied = match value {
        CaseValue::One(value) => setting.apply(setup, &Given::from(value)),
        CaseValue::Lengths(_) => Err(WrongValue("one value".to_owned())),
    };
    applied.map_err(|wrong| WrongSetting {
        setting,
        value: match value {
            CaseValue::One(value) => value.to_string(),
            CaseValue::Lengths(_) => "a list".to_owned(),
        },
        wrong,
    })
}

/// What settings come to in the cells at `positions`.
///
/// # Errors
///
/// The setting whose value is of the wrong kind.
pub(super) fn setup_at(
    settings: &[(Setting, SettingSource)],
    axes: &Axes,
    positions: &[usize],
) -> Result<Setup, WrongSetting> {
    let mut setup = Setup::default();
    for (setting, source) in settings {
        let value = match source {
            SettingSource::Shared(value) | SettingSource::Own(value) => value,
            SettingSource::Varied(field) => axes.value(*field, positions),
        };
        apply(&mut setup, *setting, value)?;
    }
    Ok(setup)
}
