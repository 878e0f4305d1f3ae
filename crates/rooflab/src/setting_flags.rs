//! Settings as flags.

use clap::builder::{
    PossibleValuesParser, RangedI64ValueParser, RangedU64ValueParser, TypedValueParser,
};
use clap::{Arg, ArgGroup, ArgMatches, Args, Command, Error, FromArgMatches};
use settings::{Given, GivenSettings, SECTIONS, Setting, Setup, Slot};

/// The flags of a section and of those below it, by the table of settings. The parser knows those of each as a group by
/// the name of the section.
#[derive(Clone, Debug)]
pub(crate) struct SettingFlags<const SECTION: usize>(pub(crate) GivenSettings);

impl<const SECTION: usize> SettingFlags<SECTION> {
    /// Puts what is given into a setup.
    pub(crate) fn apply(&self, setup: &mut Setup) {
        for (setting, value) in &self.0 {
            setting.put(setup, value);
        }
    }
}

impl<const SECTION: usize> Args for SettingFlags<SECTION> {
    fn augment_args(command: Command) -> Command {
        let sections = [&[SECTION], SECTIONS[SECTION].below].concat();
        let groups = sections.iter().map(|section| SECTIONS[*section].name);
        let flags = Setting::below(SECTION).into_iter().filter_map(flag);
        command
            .args(flags)
            .groups(groups.map(|name| ArgGroup::new(name).multiple(true)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const SECTION: usize> FromArgMatches for SettingFlags<SECTION> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let flags = Setting::below(SECTION).into_iter();
        let given = flags.filter(|setting| setting.flag().is_some());
        let given = given.filter_map(|setting| {
            let value = matches.get_one::<Given>(setting.path())?;
            Some((setting, value.clone()))
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The flag of a setting, where it has one.
fn flag(setting: Setting) -> Option<Arg> {
    let key = setting.key();
    // Keys of overheads are short, since they stand below `overhead`.
    let name = match setting.path().split_once('.') {
        Some(("overhead", key)) => key.replace("_us", "_overhead_us"),
        Some(_) | None => key.to_owned(),
    };
    let flag = Arg::new(setting.path())
        .long(name.replace('_', "-"))
        .help_heading(SECTIONS[setting.section()].heading)
        .help(setting.flag()?);
    let mut defaults = Setup::default();
    let slot = setting.slot(&mut defaults);
    let default = slot.value();
    let flag = match slot {
        Slot::Choice(choice) => flag
            .value_name(key.to_uppercase())
            .value_parser(PossibleValuesParser::new(choice.names()).map(Given::Word)),
        Slot::Count(place, range) => {
            let flag = flag.value_name("N");
            // The place takes any number of its type: how many there may be depends on other settings.
            if place.put(u64::MAX) {
                let parser = RangedU64ValueParser::<u64>::new().range(range.start()..);
                flag.value_parser(parser.map(Given::Whole))
            } else {
                let parser = RangedI64ValueParser::<u64>::new().range(1..=u32::MAX.into());
                flag.value_parser(parser.map(Given::Whole))
            }
        }
        Slot::Folder { .. }
        | Slot::Number(..)
        | Slot::Share(..)
        | Slot::OfGpu { .. }
        | Slot::Switch(_) => flag
            .value_name(if key.ends_with("_us") { "US" } else { "X" })
            .allow_negative_numbers(true)
            .value_parser(|number: &str| number.parse().map(Given::Number)),
    };
    let flag = match setting.path() {
        "server.gpu_memory_utilization" => flag.conflicts_with("server.kv_blocks"),
        // A preset stands beside the model, of one step as well.
        "assumptions.preset" => flag.group("OneStep"),
        _ => flag.group(SECTIONS[setting.section()].name),
    };
    // Where a preset, a GPU or an experiment decides, the help of the flag says so.
    let has_default = setting == Setting::PRESET || !setting.is_of_setup();
    Some(match default.filter(|_| has_default) {
        Some(default) => flag.default_value(default.to_string()),
        None => flag,
    })
}
