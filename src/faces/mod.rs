//! The two ways in: a web server, and the shell.

pub mod cgi;
pub mod command_line;
