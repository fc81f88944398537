//! Several lines on one platform: who keys the same number on two of them is in two conferences.

use super::{assert_nothing_left, caller, send_everybody_home, web};
use crate::program::Line;
use ccxml_platform::{Answer, CgiWeb, HttpRequest, Platform, Variations, Web, secs};

/// The documents of two lines. Whose they are follows from the caller, as from the number that was dialled.
struct Lines {
    sales: CgiWeb,
    support: CgiWeb,
}

impl Web for Lines {
    fn request(&mut self, request: &HttpRequest) -> Answer {
        let line = if request.caller.starts_with("+1") { &mut self.sales } else { &mut self.support };
        line.request(request)
    }
}

#[test]
fn two_lines_with_the_same_number_do_not_hear_each_other() {
    let lines = ["sales", "support"].map(|name| Line::in_directory().with("CONFERENCE_LINE", name));
    let [sales, support] = &lines;
    let routed = Lines { sales: web(sales), support: web(support) };
    let mut platform = Platform::new(routed, Variations::default());
    let calls = ["+11", "+21", "+12", "+22"].map(|number| platform.call(caller(number), secs(0)));
    platform.run_until(secs(60));
    platform.assert_clean();
    for (one, listener) in calls.iter().enumerate() {
        let heard = platform.heard_by(*listener);
        assert_eq!(heard, [calls[(one + 2) % 4]], "{}", platform.report());
    }
    for name in ["conference_sales_1234", "conference_support_1234"] {
        assert_eq!(platform.joined(name), 2, "{name}: {}", platform.report());
    }
    assert!(!platform.conference_exists("conference_1234"));
    send_everybody_home(&mut platform, &calls);
    for line in &lines {
        assert_nothing_left(line, &platform);
    }
}

#[test]
fn the_dialect_of_2002_names_conferences_by_what_can_be_a_variable() {
    let line = Line::in_directory().with("CONFERENCE_LINE", "my-line").with("CONFERENCE_DIALECT", "2002");
    let document = line.get("conference_code=1234&session_id=a").body;
    assert!(document.contains("<createconference name=\"conference_my_line_1234\"/>"), "{document}");
}
