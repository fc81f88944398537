//! The tests of the program as its users meet it: the real binary, started once per request.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods)]

mod bad_machines;
mod call_log;
mod calls;
mod command_line;
mod completion;
mod control;
mod database;
mod deployment;
mod desk;
mod dialect_2002;
mod documents;
mod event_server;
mod explored;
mod fuzz;
mod http;
mod identities;
mod kills;
mod load;
mod markup;
mod operators;
mod pages;
mod program;
mod readme;
mod redis;
mod report;
mod requests;
mod rooms;
mod servers;
mod settings_file;
mod shell;
mod telephone_numbers;
mod terminal;
mod tokens;
mod versions;
