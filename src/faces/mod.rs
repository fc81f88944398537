//! The two ways in: a web server, and the shell.

mod arguments;
pub mod cgi;
pub mod command_line;
