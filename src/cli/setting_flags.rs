//! The flags of settings, which stand before or behind any verb.

use crate::settings::{self, Flags, SettingKind};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueHint, value_parser};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use std::ffi::OsString;

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let arg = |name: &'static str, flag: &'static str, help: String, hint: ValueHint| {
            Arg::new(name)
                .long(flag)
                .value_name(name)
                .help(help)
                .help_heading("Settings, also read from environment variables of these names and from the settings file")
                .value_parser(value_parser!(OsString))
                .value_hint(hint)
                .global(true)
        };
        let config = format!("settings file, in TOML [default: {} if there is one]", settings::DEFAULT_FILE);
        let all = settings::ALL.iter().map(|setting| {
            let help = format!("{} [default: {}]", setting.meaning, setting.default);
            let hint = if setting.kind == SettingKind::Path { ValueHint::AnyPath } else { ValueHint::Other };
            let words = || (setting.words)().into_iter().map(CompletionCandidate::new).collect::<Vec<_>>();
            arg(setting.variable, setting.flag, help, hint).add(ArgValueCandidates::new(words))
        });
        command.arg(arg(settings::CONFIG, "config", config, ValueHint::FilePath)).args(all)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |name| matches.get_one::<OsString>(name).cloned();
        let all = settings::ALL.iter().map(|setting| setting.variable);
        let values = all.filter_map(|variable| Some((variable, given(variable)?))).collect();
        Ok(Self { config: given(settings::CONFIG), values })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
