//! Machines that have run out of something: a complete answer or a clean end, no token damaged, the next request fine.

use crate::program::{Asked, BINARY, Line, Reply, finish};
use crate::shell::{Said, unshare};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

impl Asked<'_> {
    /// The request, started by a shell that has run something before: a limit, a redirection.
    fn under(&self, before: &str, redirections: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{before}; exec \"$0\" {redirections}"), BINARY]);
        self.lend_to(&mut shell);
        shell.env("PATH", std::env::var_os("PATH").unwrap());
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell
    }
}

fn entering<'a>(line: &'a Line, session: &str) -> Asked<'a> {
    line.ask("GET", format!("conference_code=1234&session_id={session}"))
}

/// A line with somebody in, and the text of its token.
fn occupied() -> (Line, Vec<u8>) {
    let line = Line::new();
    line.enter("1234", "a");
    let token = fs::read(line.token("1234")).unwrap();
    (line, token)
}

/// The answer is a complete 503, nothing has changed, nothing is left behind, and the next request is fine.
#[track_caller]
fn assert_harmless(line: &Line, token: &[u8], reply: &Reply) {
    assert_eq!(reply.status, "503 Service Unavailable", "{reply:?}");
    assert_eq!(reply.stderr.lines().count(), 1, "{}", reply.stderr);
    assert_eq!(fs::read(line.token("1234")).unwrap(), token);
    assert_eq!(line.files(), ["1234"], "something was left behind");
    assert_eq!(line.enter("1234", "next"), "joinConference");
}

#[test]
fn a_limit_on_file_sizes_is_a_failed_write_and_not_a_death() {
    let (line, token) = occupied();
    let reply = finish(entering(&line, "b").under("ulimit -f 0", "").spawn().unwrap());
    assert_harmless(&line, &token, &reply);
}

#[test]
fn without_descriptors_there_is_an_answer_all_the_same() {
    let (line, token) = occupied();
    // With a second name a token can't be written to in place, and takes one descriptor more than there is.
    fs::hard_link(line.token("1234"), line.folder().join("second name")).unwrap();
    let reply = finish(entering(&line, "b").under("ulimit -n 4", "").spawn().unwrap());
    assert_harmless(&line, &token, &reply);
}

#[test]
fn a_full_disk_loses_no_token() {
    // A file system of our own to fill, which takes a namespace of our own.
    let Some(mut shell) = unshare("-rm") else { return };
    let line = Line::new();
    let script = "mount -t tmpfs -o size=12k,mode=777 none tokens || exit 9
        QUERY_STRING='conference_code=1234&session_id=a' \"$0\" >/dev/null
        cp tokens/1234 before; ln tokens/1234 tokens/twin; dd if=/dev/zero of=tokens/filler bs=1k 2>/dev/null
        QUERY_STRING='conference_code=1234&session_id=b' \"$0\"; echo \"exit $?\"
        cmp tokens/1234 before && ls -A tokens | grep -v '^.secret$' | tr '\\n' ' '
        rm tokens/filler; QUERY_STRING='conference_code=1234&session_id=b' \"$0\" | grep -c 'joining&amp;count=1'";
    shell.args(["sh", "-c", script, BINARY]);
    line.ask("GET", "").lend_to(&mut shell);
    let said = Said::by(shell.env("PATH", std::env::var_os("PATH").unwrap()));
    assert!(said.out.starts_with("Status: 503 Service Unavailable\r\n"), "{said:?}");
    assert!(said.out.contains("exit 0\n1234 filler twin 1\n"), "{said:?}");
    assert!(said.err.contains("make room on its file system"), "{said:?}");
}

#[test]
fn a_directory_that_cannot_be_written_is_said_to_be_so() {
    let (line, token) = occupied();
    let line = line.with("CONFERENCE_SECRET", "0123456789abcdef");
    fs::set_permissions(line.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(line.tokens(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = entering(&line, "b").command();
    // Permissions do not stop root, who can be somebody else instead.
    if nix::unistd::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let reply = finish(command.spawn().unwrap());
    assert!(reply.stderr.contains("must own CONFERENCE_DIR"), "{}", reply.stderr);
    fs::set_permissions(line.tokens(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_harmless(&line, &token, &reply);
}

#[test]
fn closed_standard_streams_are_no_reason_to_lose_a_token() {
    for redirections in ["<&-", "2>&-", ">&-", "<&- >&- 2>&-"] {
        let (line, _) = occupied();
        let said = Said::by(&mut entering(&line, "b").under(":", redirections));
        assert!(!said.err.contains("panicked"), "{said:?}");
        if !redirections.contains(">&- 2") && redirections != ">&-" {
            assert!(said.out.starts_with("Status: 200 OK"), "{redirections}: {said:?}");
        }
        let token = fs::read_to_string(line.token("1234")).unwrap();
        assert!(token.contains("\"b\""), "{redirections}: what was to be kept was kept before the answer");
        assert_eq!(line.enter("1234", "next"), "joinConference");
    }
}

#[test]
fn no_token_takes_the_place_of_a_closed_standard_stream() {
    let (line, _) = occupied();
    let closing = ["-e", "trace=openat", "sh", "-c", "exec \"$0\" <&- >&- 2>&-"];
    let path = std::env::var_os("PATH").unwrap();
    let Some((status, trace)) = entering(&line, "b").variable("PATH", path).traced(&closing) else { return };
    assert!(status.success());
    let opened = trace.lines().filter(|call| call.contains("tokens/1234\""));
    let descriptors: Vec<u32> =
        opened.map(|call| call.rsplit(' ').next().unwrap().parse().unwrap()).collect();
    assert!(!descriptors.is_empty() && descriptors.iter().all(|&number| number > 2), "{trace}");
}

#[test]
fn a_post_without_standard_input_is_refused() {
    let (line, token) = occupied();
    let renewal = line.ask("POST", "").form("event=leave&conference_code=1234&session_id=a");
    let reply = finish(renewal.under(":", "<&-").spawn().unwrap());
    assert_eq!(reply.status, "400 Bad Request");
    assert_eq!(fs::read(line.token("1234")).unwrap(), token);
}

#[test]
fn a_reader_that_goes_away_is_reported_and_harmless() {
    let (line, _) = occupied();
    let mut command = entering(&line, "b").command();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let said = Said::by(command.stdin(Stdio::null()).stdout(writer));
    assert_eq!(said.code, Some(1), "no response has been written");
    assert_eq!(said.err.lines().count(), 1, "{said:?}");
    assert_eq!(line.enter("1234", "next"), "joinConference");
    let full = entering(&line, "c").under(":", ">/dev/full").output().unwrap();
    assert_eq!(full.status.code(), Some(1));
}

#[test]
fn a_directory_made_anew_gets_its_callers_back_by_their_renewals() {
    let (line, _) = occupied();
    line.enter("1234", "b");
    fs::remove_dir_all(line.tokens()).unwrap();
    assert_eq!(line.report("renew", "1234", "a").status, "503 Service Unavailable");
    fs::create_dir(line.tokens()).unwrap();
    for session in ["a", "b"] {
        assert_eq!(line.report("renew", "1234", session).document(), "script");
    }
    assert_eq!(line.get("conference_code=1234&session_id=c").others(), 2);
}

#[test]
fn a_line_of_the_log_that_was_cut_short_spoils_no_other() {
    let line = Line::in_directory().with("CONFERENCE_LOG", "calls.log");
    let log = line.folder().join("calls.log");
    let before = format!("{{\"before\":\"{}\"}}\n", "x".repeat(480));
    fs::write(&log, &before).unwrap();
    // A file may grow to 512 bytes: into the middle of the line.
    let cut = finish(entering(&line, "a").under("ulimit -f 1", "").spawn().unwrap());
    assert_eq!(cut.status, "200 OK");
    assert!(cut.stderr.contains("CONFERENCE_LOG") && cut.stderr.lines().count() == 1, "{}", cut.stderr);
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.len() == 512 && text.starts_with(&before) && !text.ends_with('\n'), "{text}");

    for session in ["b", "c"] {
        assert_eq!(entering(&line, session).reply().document(), "joinConference");
    }
    let text = fs::read_to_string(&log).unwrap();
    let whole = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let sessions: Vec<_> = whole.map(|entry| entry["session"].as_str().unwrap_or("-").to_owned()).collect();
    assert_eq!(sessions, ["-", "b", "c"], "{text}");
    assert_eq!(text.lines().count(), 4, "one bad line: {text}");
}

/// strace shows what a request costs; without it the benchmark says so.
#[test]
fn a_request_reads_nothing_that_it_does_not_need() {
    let (line, _) = occupied();
    let Some(opened) = entering(&line, "b").system_calls("open,openat") else { return };
    for needless in ["localtime", "zoneinfo", "locale"] {
        assert!(!opened.contains(needless), "{opened}");
    }
}

/// Some servers hand on what they have read at once, and so wake a platform up for a part of a document.
#[test]
fn a_response_goes_out_in_one_piece() {
    let (line, _) = occupied();
    for query in
        ["conference_code=1234&session_id=b", "", "prompt=apology", "conference_code=1&conference_code=2"]
    {
        let Some(calls) = line.ask("GET", query).system_calls("write,writev") else { return };
        let writes = calls.lines().filter(|call| call.contains(" write"));
        assert_eq!(writes.count(), 1, "{query:?}: {calls}");
    }
}
