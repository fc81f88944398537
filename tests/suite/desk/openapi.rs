//! What docs/desk-api.json says of the desk is what the desk does.

use crate::program::{Line, Reply};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn description() -> Value {
    serde_json::from_str(include_str!("../../../docs/desk-api.json")).unwrap()
}

/// A schema of the description, which may refer to others in it.
fn validator(schema: &Value) -> Validator {
    let components = &description()["components"];
    let schema = json!({"allOf": [schema], "components": components});
    jsonschema::options().with_draft(Draft::Draft202012).build(&schema).unwrap()
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn is_valid(schema: &Value, value: &Value) -> bool {
    validator(schema).is_valid(value)
}

/// What the description says of an answer to a method with a status; with its reference followed.
fn described(method: &str, status: &str) -> Value {
    let api = description();
    let response = &api["paths"]["/"][method]["responses"][status];
    assert!(response.is_object(), "{method} {status} is not described");
    match response["$ref"].as_str() {
        Some(reference) => api.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => response.clone(),
    }
}

/// Checks a reply against the description, and tells its status.
#[track_caller]
fn check(method: &str, reply: &Reply) -> String {
    let status = reply.status[..3].to_owned();
    let media_type = reply.headers["Content-Type"].split(';').next().unwrap();
    let content = &described(method, &status)["content"][media_type];
    assert!(content.is_object(), "{method} {status} {media_type} is not described");
    if media_type == "application/json" {
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        let validator = validator(&content["schema"]);
        if let Err(error) = validator.validate(&body) {
            panic!("{method} {status}: {error}: {body}");
        }
    }
    status
}

fn busy() -> Line {
    let line = Line::with_rooms(&[
        (
            "1234",
            "name = \"Board\"\nopen = true\nmoderator_pin = \"98765432\"\nwait_for_moderator = true\nmax_minutes = 5",
        ),
        ("5678", "pin = \"12345678\"\nmax_callers = 3"),
        ("99", "x"),
    ]);
    for session in ["a", "b"] {
        line.enter_with("", session).document();
    }
    line.post("event=renew&conference_code=1234&session_id=a&caller=tel:%2b49301234&called=tel:4711");
    line.press("action=mute&number=1234&session=a");
    line.press("action=kick&number=1234&session=b");
    line.press("action=lock&number=1234");
    line.keep("5678", "");
    line
}

#[test]
fn every_answer_is_as_described_and_every_described_one_is_given() {
    let line = busy();
    let json = |query: &str| line.ask_desk("GET", query).variable("HTTP_ACCEPT", "application/json").reply();
    let unreachable = Line::in_directory().with("CONFERENCE_DIR", "missing");
    let stranger = |method: &str| {
        line.ask(method, "").variable("CONFERENCE_FACE", "desk").variable("HTTP_ACCEPT", "application/json")
    };
    let asked: BTreeSet<_> = [
        json(""),
        json("number=1234"),
        json("number=5678"),
        json("rooms"),
        json("page=7"),
        json("number=4321"),
        json("number=x"),
        json(&"x".repeat(5000)),
        line.ask_desk("GET", "").reply(),
        line.ask_desk("GET", "number=x").reply(),
        line.ask_desk("GET", "format=metrics").reply(),
        unreachable.ask_desk("GET", "format=json").reply(),
        stranger("GET").reply(),
    ]
    .iter()
    .map(|reply| check("get", reply))
    .collect();
    let send = |media_type: &str, body: &str| {
        let asked = line.ask_desk("POST", "").variable("HTTP_ACCEPT", "application/json");
        let asked =
            asked.variable("CONTENT_TYPE", media_type).variable("CONTENT_LENGTH", body.len().to_string());
        asked.body(body).reply()
    };
    let posted: BTreeSet<_> = [
        send("application/json", &json!({"action": "unlock", "number": "1234"}).to_string()),
        send("application/json", "{}"),
        send("application/json", &" ".repeat(9000)),
        send("text/plain", "x"),
        line.press("action=unlock&number=1234"),
        line.press("action=unlock&number=4321"),
        line.press("action=extend&number=5678&minutes=15"),
        line.press("action=dance&number=1234"),
        line.ask_desk("POST", "").variable("HTTP_ACCEPT", "application/json").reply(),
        unreachable.press("action=lock&number=1234"),
        stranger("POST").reply(),
    ]
    .iter()
    .map(|reply| check("post", reply))
    .collect();
    let api = description();
    for (method, given) in [("get", asked), ("post", posted)] {
        let described: BTreeSet<_> =
            api["paths"]["/"][method]["responses"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(given, described, "{method}");
    }
}

#[test]
fn the_kinds_of_json_are_told_apart() {
    let line = busy();
    let conferences = line.desk_json("").1;
    let shown = line.desk_json("number=1234").1;
    let rooms = line.desk_json("rooms").1;
    assert!(
        is_valid(&reference("Conference"), &conferences[0]) && !is_valid(&reference("Room"), &conferences[0])
    );
    assert!(is_valid(&reference("Conference"), &shown));
    assert!(is_valid(&reference("Room"), &rooms[0]) && !is_valid(&reference("Conference"), &rooms[0]));
    assert!(!is_valid(&reference("Problem"), &shown));
    let caller = &shown["sessions"][0];
    let told = ["caller", "called", "muted_by"].map(|field| caller[field].as_str());
    assert_eq!(told, [Some("+49301234"), Some("4711"), Some("moderator")]);
}

#[test]
fn an_order_is_understood_exactly_if_it_is_described() {
    let line = busy();
    let api = description();
    let actions = api["components"]["schemas"]["Order"]["properties"]["action"]["enum"].as_array().unwrap();
    let known = actions
        .iter()
        .map(|action| json!({"action": action, "number": "1234", "session": "a", "minutes": "15"}));
    let others = [
        json!({"action": "kick", "number": "1234"}),
        json!({"action": "mute", "number": "1234"}),
        json!({"action": "unmute", "number": "1234"}),
        json!({"action": "extend", "number": "1234"}),
        json!({"action": "extend", "number": "1234", "minutes": "0"}),
        json!({"action": "extend", "number": "1234", "minutes": "1440"}),
        json!({"action": "extend", "number": "1234", "minutes": "1441"}),
        json!({"action": "lock", "number": "1234"}),
        json!({"action": "lock", "number": "12a"}),
        json!({"action": "lock", "number": 1234}),
        json!({"action": "lock"}),
        json!({"number": "1234"}),
        json!({"action": "kick", "number": "1234", "session": "a b"}),
        json!({"action": "kick", "number": "1234", "session": ""}),
        json!({"action": "dance", "number": "1234"}),
        json!("lock"),
    ];
    for order in known.chain(others) {
        let (status, _) = line.order(&order);
        assert_eq!(status != "400 Bad Request", is_valid(&reference("Order"), &order), "{order}: {status}");
    }
}
