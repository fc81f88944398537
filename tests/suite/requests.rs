//! Requests and answers (contract sections 1 and 2), by environment and standard input alone.

use crate::program::Line;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

#[test]
fn every_row_of_the_table_is_answered() {
    let line = Line::new();
    assert_eq!(line.get("").document(), "getConference");
    assert_eq!(line.enter("1234", "a"), "createConference");
    assert_eq!(line.enter("1234", "b"), "joinConference");
    assert_eq!(line.get("prompt=get_conference_code").document(), "prompt");
    assert_eq!(line.report("renew", "1234", "a").document(), "script");
    assert_eq!(line.report("leave", "1234", "a").document(), "script");
}

#[test]
fn answers_carry_type_length_and_caching() {
    let line = Line::new();
    let header = |query: &str, name: &str| line.get(query).headers[name].clone();
    assert_eq!(header("", "Content-Type"), "application/ccxml+xml; charset=utf-8");
    assert_eq!(header("", "Cache-Control"), "no-store");
    assert_eq!(header("prompt=apology", "Content-Type"), "application/voicexml+xml; charset=utf-8");
    assert_eq!(header("prompt=apology", "Cache-Control"), "max-age=300");
    assert_eq!(header("session_id=", "Content-Type"), "text/plain; charset=utf-8");
    let script = line.report("renew", "1234", "a");
    assert_eq!(script.headers["Content-Type"], "text/ecmascript; charset=utf-8");
    assert_eq!(script.headers["Cache-Control"], "no-store");
}

#[test]
fn a_number_that_cannot_be_one_is_asked_for_again_with_the_reason() {
    let line = Line::new();
    for code in ["", "123", "12345678901", "12a4", "..%2f..", "%00"] {
        let reply = line.get(&format!("conference_code={code}&session_id=a"));
        assert_eq!(reply.document(), "getConference", "{code}");
        assert!(reply.body.contains("reason=not_a_number"), "{code}");
    }
    assert!(line.files().is_empty());
}

#[test]
fn digits_may_come_with_white_space_between_them() {
    let line = Line::new();
    assert_eq!(line.get("conference_code=1+2%203%09%204&session_id=a").document(), "createConference");
    assert_eq!(line.files(), ["1234"]);
}

#[test]
fn a_long_get_that_became_a_post_is_served_too() {
    let line = Line::new();
    assert_eq!(line.post("conference_code=1234&session_id=a").document(), "createConference");
    let mixed = line.ask("POST", "session_id=b").form("conference_code=1234").reply();
    assert_eq!(mixed.document(), "joinConference");
}

#[test]
fn head_answers_like_get_and_touches_nothing() {
    let line = Line::new();
    for query in ["", "prompt=goodbye", "conference_code=1234&session_id=a", "conference_code=1234"] {
        let head = line.ask("HEAD", query).reply();
        assert_eq!((head.status.as_str(), head.body.as_str()), ("200 OK", ""), "{query}");
        assert!(line.files().is_empty(), "{query}");
        let get = line.get(query);
        assert_eq!(head.headers, get.headers, "{query}");
        if let Some(name) = line.files().first() {
            line.remove(name);
        }
    }
    line.enter("1234", "a");
    let before = line.kept("1234");
    line.ask("HEAD", "conference_code=1234&session_id=b").reply();
    assert_eq!(line.kept("1234"), before);
}

#[test]
fn what_cannot_be_answered_gets_its_status() {
    let line = Line::new();
    let long = format!("x={}", "x".repeat(4095));
    for (method, query, status) in [
        ("GET", "conference_code=%4", "400 Bad Request"),
        ("GET", "conference_code=1234&conference_code=1234", "400 Bad Request"),
        ("GET", "conference_code=1234&session_id=a%20b", "400 Bad Request"),
        ("GET", "x=%ff", "400 Bad Request"),
        ("GET", "prompt=nothing", "404 Not Found"),
        ("GET", "prompt=joining&count=-1", "400 Bad Request"),
        ("GET", "event=leave&conference_code=1234&session_id=a", "405 Method Not Allowed"),
        ("HEAD", "event=renew&conference_code=1234&session_id=a", "405 Method Not Allowed"),
        ("PUT", "", "405 Method Not Allowed"),
        ("GET", &long, "414 URI Too Long"),
        ("HEAD", &long, "414 URI Too Long"),
        ("POST", "", "411 Length Required"),
    ] {
        let reply = line.ask(method, query).reply();
        assert_eq!((reply.status.as_str(), reply.stderr.as_str()), (status, ""), "{method} {query}");
        assert!(reply.exit.success(), "a response was written");
        assert_eq!(reply.body.is_empty(), method == "HEAD", "{method} {query}");
    }
    assert_eq!(line.ask("PUT", "").reply().headers["Allow"], "GET, HEAD, POST");
    assert_eq!(line.ask("GET", "event=leave").reply().headers["Allow"], "POST");
    let tail = line.ask("GET", "").variable("PATH_INFO", "/x").reply();
    assert_eq!(tail.status, "404 Not Found");
    assert_eq!(line.post(&long.repeat(3)).status, "413 Content Too Large");
    let text = line.ask("POST", "").form("a=b").variable("CONTENT_TYPE", "text/plain").reply();
    assert_eq!(text.status, "415 Unsupported Media Type");
    let nothing_read = line.ask("GET", "").variable("CONTENT_LENGTH", "0").body("x").reply();
    assert_eq!(nothing_read.document(), "getConference");
    assert!(line.files().is_empty());
}

#[test]
fn a_fault_on_our_side_is_told_to_the_server_and_explained_to_the_operator() {
    let line = Line::in_directory();
    std::fs::remove_dir(line.tokens()).unwrap();
    for reply in [
        line.get("conference_code=1234&session_id=a"),
        line.ask("HEAD", "conference_code=1234&session_id=a").reply(),
        line.report("renew", "1234", "a"),
        line.report("leave", "1234", "a"),
    ] {
        assert_eq!(reply.status, "503 Service Unavailable");
        assert_eq!(reply.headers["Retry-After"], "5");
        assert!(reply.stderr.contains("CONFERENCE_DIR must name a directory"), "{}", reply.stderr);
        assert!(!reply.body.contains("tokens"), "what the operator reads is not sent: {}", reply.body);
        assert!(reply.exit.success());
    }
    let head = line.ask("HEAD", "conference_code=1234&session_id=a").reply();
    assert_eq!(head.body, "");
    assert_eq!(line.get("").document(), "getConference", "the call is answered all the same");
    let misset = Line::new().with("CONFERENCE_RENEW", "soon").get("");
    assert_eq!(misset.status, "500 Internal Server Error");
    assert!(
        misset.stderr.contains("CONFERENCE_RENEW=\"soon\" cannot be used: it must be a number of seconds"),
        "{}",
        misset.stderr
    );
}

#[test]
fn a_web_server_may_hand_over_anything_as_arguments_and_environment() {
    use std::os::unix::ffi::OsStrExt;
    let line = Line::new();
    let not_utf8 = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    for argument in ["--version", "--help", "-d", "/etc", "end", "--dir=/", "\\--query"] {
        let reply = line.ask("GET", argument).argument(argument).variable("HTTP_X", not_utf8).reply();
        assert_eq!(reply.document(), "getConference", "{argument}");
    }
    let query = line.ask("GET", not_utf8).reply();
    assert_eq!(query.status, "400 Bad Request");
    let no_length = line.ask("GET", "").variable("CONTENT_LENGTH", "").variable("PATH_INFO", "/").reply();
    assert_eq!(no_length.document(), "getConference");
}

#[test]
fn a_client_that_is_slow_to_send_what_is_refused_is_not_waited_for() {
    let line = Line::new();
    let mut command = line.ask("POST", "").variable("HTTP_TRANSFER_ENCODING", "chunked").command();
    let (reader, writer) = std::io::pipe().unwrap();
    let start = std::time::Instant::now();
    let child = command.stdin(reader).spawn().unwrap();
    let reply = crate::program::finish(child);
    drop(writer);
    assert_eq!(reply.status, "411 Length Required");
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn not_one_byte_more_is_read_than_was_announced() {
    let line = Line::new();
    line.enter("1234", "a");
    let form = "event=leave&conference_code=1234&session_id=a";
    for (method, media_type, rest) in [
        ("POST", "application/x-www-form-urlencoded", "behind it"),
        ("POST", "text/plain", "behind it"),
        (
            "GET",
            "application/x-www-form-urlencoded",
            "event=leave&conference_code=1234&session_id=abehind it",
        ),
    ] {
        let (mut reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(format!("{form}behind it").as_bytes()).unwrap();
        drop(writer);
        let asked = line.ask(method, "").form(form).variable("CONTENT_TYPE", media_type);
        crate::program::finish(asked.command().stdin(reader.try_clone().unwrap()).spawn().unwrap());
        let mut left = String::new();
        reader.read_to_string(&mut left).unwrap();
        assert_eq!(left, rest, "{method} {media_type}");
    }
    assert!(line.files().is_empty(), "the form was read");
}

#[test]
fn a_body_that_was_not_announced_is_not_looked_for() {
    let line = Line::new();
    let reads_standard_input = |method, length: Option<&str>| {
        let mut asked = line.ask(method, "").variable("CONTENT_TYPE", "application/x-www-form-urlencoded");
        if let Some(length) = length {
            asked = asked.variable("CONTENT_LENGTH", length);
        }
        Some(asked.system_calls("read")?.contains("read(0,"))
    };
    let Some(reads) = reads_standard_input("POST", Some("3")) else { return };
    assert!(reads, "a form is read");
    for (method, length) in [("GET", Some("3")), ("HEAD", Some("3")), ("POST", None), ("POST", Some("many"))]
    {
        assert_eq!(reads_standard_input(method, length), Some(false), "{method} {length:?}");
    }
}

/// Under Apache's mod_cgid standard input and output are one socket, which is reset when it is closed before all that came
/// was read.
#[test]
fn the_answer_to_a_body_that_is_refused_gets_through_a_socket() {
    let line = Line::new();
    let body = vec![b'x'; 60_000];
    for (media_type, status) in [
        ("text/plain", "415 Unsupported Media Type"),
        ("application/x-www-form-urlencoded", "413 Content Too Large"),
    ] {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        ours.write_all(&body).unwrap();
        let asked = line.ask("POST", "").variable("CONTENT_TYPE", media_type);
        let mut command = asked.variable("CONTENT_LENGTH", body.len().to_string()).command();
        command.stdin(OwnedFd::from(theirs.try_clone().unwrap())).stdout(OwnedFd::from(theirs));
        let mut child = command.spawn().unwrap();
        // It has the other end to give to further processes.
        drop(command);
        let mut answer = String::new();
        ours.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("Status: {status}\r\n")), "{answer}");
        assert!(child.wait().unwrap().success());
    }
}
