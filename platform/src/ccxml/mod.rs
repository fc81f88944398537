//! CCXML at work: how sessions handle events, and what the elements of their documents do.

mod actions;
mod attributes;
mod basichttp;
mod bridges;
mod conferences;
mod connections;
mod dialog_end;
mod dialog_speech;
mod dialogs;
mod disturb;
mod draft;
mod fetching;
mod keys;
mod observe;
mod outgoing;
mod reading;
mod release;
mod requests;
mod sending;
mod session;
mod sessions;
mod signals;
mod transitions;
mod view;
