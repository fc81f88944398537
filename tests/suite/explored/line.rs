//! What the explorer has to know of the line: the program's own replies to one call, and what its dialogs come to.

use std::collections::HashSet;

use crate::program::Line;
use ccxml_platform::{Application, Dialog, HttpRequest, HttpResponse, Place, Reply, Says, Value};

/// Where the documents are served.
pub const ADDRESS: &str = "http://line.example/cgi-bin/ccxml-conference";

/// A way in which a call may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// The number is enough.
    Open,
    /// A PIN is asked for.
    Pin,
    /// The caller waits for a moderator.
    Waiting,
    /// The same with music.
    Music,
}

/// Everything that the program answers to a call of one way, as it was answered, with the documents changed as a test likes.
pub struct Served {
    way: Way,
    call: Reply,
    /// To who keys the number of a room with a PIN.
    asked: Option<Reply>,
    /// To who keys a number, or the PIN where there is one.
    entered: Vec<Reply>,
    renewed: Vec<Reply>,
    /// To a key that mutes the caller.
    keyed: Reply,
    left: Reply,
}

impl Served {
    /// Has the program answer everything that a call of this way may ask, perhaps with changes that operators make besides.
    pub fn new(way: Way, changes: bool, change: impl Fn(&str) -> String) -> Self {
        let rooms = [
            ("2345", "pin = \"271828\""),
            ("3456", "open = true\nmoderator_pin = \"314159\"\nwait_for_moderator = true"),
        ];
        let (line, number) = match way {
            Way::Open => (Line::new(), "1234"),
            Way::Pin => (Line::with_rooms(&rooms), "2345"),
            Way::Waiting => (Line::with_rooms(&rooms), "3456"),
            Way::Music => {
                let music = "http://line.example/music.wav";
                (Line::with_rooms(&rooms).with("CONFERENCE_MUSIC_URL", music), "3456")
            }
        };
        let reply = |answer: crate::program::Reply, place: Place| {
            assert_eq!(answer.status, "200 OK");
            let body = change(&answer.body);
            Reply::new(HttpResponse::new(200, &answer.headers["Content-Type"], body)).with(place)
        };
        let query = format!("conference_code={number}&session_id=session-1");
        let post = |fields: &str, place| reply(line.post(&format!("{query}{fields}")), place);
        let enter = |place| reply(line.get(&query), place);
        let renew = || post("&event=renew", Place::Renewed);
        let call = reply(line.get(""), Place::Untouched);
        let (asked, mut entered) = match way {
            Way::Open => {
                let no_number = line.get("conference_code=1&session_id=session-1");
                (None, vec![reply(no_number, Place::Freed), enter(Place::Taken)])
            }
            Way::Pin => {
                let asked = Some(enter(Place::Untouched));
                (asked, vec![post("&pin=1111", Place::Freed), post("&pin=271828", Place::Taken)])
            }
            Way::Waiting | Way::Music => (Some(enter(Place::Untouched)), vec![post("&pin=", Place::Taken)]),
        };
        let mut renewed = vec![renew()];
        if matches!(way, Way::Waiting | Way::Music) {
            line.post(&format!("conference_code={number}&session_id=moderator&pin=314159"));
            renewed.push(renew());
        }
        if way == Way::Open {
            if changes {
                line.run(&["mute", number, "session-1"]);
                renewed.push(renew());
            }
            line.run(&["kick", number, "session-1"]);
            renewed.push(renew());
            entered.push(enter(Place::Freed));
        } else {
            line.run(&["end", number]);
            renewed.push(renew());
        }
        let keyed = post("&event=mute&press=1", Place::Renewed);
        // As for somebody with the right ticket.
        let body = "conference_state = 'open';\nconference_renew = 60;\nconference_duplex = 'half';\nconference_words = 'muted';\n";
        let keyed = Reply { response: HttpResponse { body: body.into(), ..keyed.response }, ..keyed };
        let left = post("&event=leave", Place::Freed);
        for replies in [&entered, &renewed] {
            let bodies: HashSet<_> = replies.iter().map(|reply| &reply.response.body).collect();
            assert_eq!(bodies.len(), replies.len(), "{bodies:?}");
        }
        Served { way, call, asked, entered, renewed, keyed, left }
    }
}

impl Application for Served {
    fn replies(&mut self, request: &HttpRequest) -> Vec<Reply> {
        match request.field("event").as_deref() {
            Some("renew") => return self.renewed.clone(),
            Some("mute") => return vec![self.keyed.clone()],
            Some("leave") => return vec![self.left.clone()],
            _ => {}
        }
        match (&self.asked, request.field("conference_code"), request.field("pin")) {
            (_, None, _) => vec![self.call.clone()],
            (Some(asked), Some(_), None) => vec![asked.clone()],
            _ => self.entered.clone(),
        }
    }

    fn dialog(&mut self, source: &str) -> Dialog {
        let query = source.split_once('?').unwrap().1;
        let prompt = query.split('&').find_map(|pair| pair.strip_prefix("prompt=")).unwrap();
        let says = match prompt {
            "apology" => Says::Apology,
            "goodbye" | "ended" | "kicked" | "moderator_left" | "time_over" => Says::Farewell,
            _ => Says::Anything,
        };
        let (returns, seconds) = match prompt {
            // What there is to find at the first question is found on the open line.
            "get_conference_code" if self.way != Way::Open => (vec![returned("ok", "1234")], 20),
            // Longer than the session waits, as for who keys slowly.
            "get_conference_code" => (vec![returned("ok", "1234"), returned("silence", "")], 40),
            // As for silence, but for the words.
            "get_pin" => (vec![returned("ok", "271828"), returned("nonsense", "")], 40),
            "get_moderator_pin" => (vec![returned("ok", "")], 20),
            "music" => (vec![returned("ok", "")], 90),
            _ => (vec![returned("ok", "")], 10),
        };
        Dialog { returns, cut: returned("hangup", ""), seconds, says }
    }
}

/// What a dialog hands over.
fn returned(result: &str, keyed: &str) -> Value {
    Value::Object(vec![("result".into(), result.into()), ("keyed".into(), keyed.into())])
}
