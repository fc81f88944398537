//! The manual: one page, with every command on it.

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use std::io::{self, Write};

/// Writes the page of a command line.
pub fn write(mut command: Command, to: &mut dyn Write) -> io::Result<()> {
    command.build();
    let commands = commands(&command);
    let version = command.get_version().unwrap_or_default().to_owned();
    let page = Man::new(command).manual("Operator's manual").source(format!("ccxml-conference {version}"));
    page.render_title(to)?;
    page.render_name_section(to)?;
    to.write_all(synopsis().to_roff().as_bytes())?;
    page.render_description_section(to)?;
    to.write_all(commands.to_roff().as_bytes())?;
    page.render_options_section(to)
}

fn synopsis() -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["SYNOPSIS"]);
    page.text([
        bold("ccxml-conference"),
        roman(" ["),
        italic("OPTIONS"),
        roman("] ["),
        italic("COMMAND"),
        roman("]"),
    ]);
    page
}

/// The section of commands, each with what is its own.
fn commands(command: &Command) -> Roff {
    let mut page = Roff::new();
    page.control("SH", ["COMMANDS"]);
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        let mut heading = vec![bold(verb.get_name())];
        for argument in verb.get_positionals() {
            heading.extend([roman(" "), value(argument)]);
        }
        page.control("TP", []);
        page.text(heading);
        page.text([roman(verb.get_about().map(ToString::to_string).unwrap_or_default())]);
        let own = |argument: &&Arg| !argument.is_global_set() && argument.get_id() != "help";
        for argument in verb.get_arguments().filter(own) {
            page.control("RS", []);
            page.control("TP", []);
            page.text(name(argument));
            page.text([roman(argument.get_help().map(ToString::to_string).unwrap_or_default())]);
            page.control("RE", []);
        }
    }
    page
}

fn name(argument: &Arg) -> Vec<Inline> {
    let Some(flag) = argument.get_long() else { return vec![value(argument)] };
    let takes_values = argument.get_action().takes_values();
    let value = takes_values.then(|| [roman(" "), value(argument)]);
    [bold(format!("--{flag}"))].into_iter().chain(value.into_iter().flatten()).collect()
}

fn value(argument: &Arg) -> Inline {
    let names = argument.get_value_names().unwrap_or_default();
    italic(names.first().map(|name| name.to_string()).unwrap_or_default())
}
