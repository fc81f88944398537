//! Reverse proxies in front of a web server, each side with the configuration that docs/proxies.md shows.

use super::apache::{APACHE, MODULES};
use super::lighttpd::LIGHTTPD;
use super::nginx::NGINX;
use super::{SCRIPT, Server, Setup};
use crate::http::Request;
use crate::readme::fenced;
use std::net::Ipv4Addr;

/// Lines that load modules of Apache.
fn modules(names: &[&str]) -> String {
    names.iter().map(|name| format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n")).collect()
}

/// A server with the page's words for a server behind a proxy on the same machine.
fn behind(name: &str) -> Setup {
    let loads = if name == "apache" { modules(&["remoteip"]) } else { String::new() };
    Setup::new().configured(&(loads + &fenced(&format!("config: behind {name}"))))
}

/// Who asks is told by the last of the addresses that is not the proxy's: what stands before it anybody can write.
fn believes_the_proxy_alone(server: &Server, name: &str) {
    let setup = behind(name);
    let Some(running) = (server.start)(&setup) else { return };
    for (forwarded, status) in [
        ("192.0.2.10", 200),
        ("203.0.113.5, 192.0.2.10", 200),
        ("192.0.2.10, 127.0.0.1", 200),
        ("203.0.113.5", 403),
        ("192.0.2.10, 203.0.113.5", 403),
        ("127.0.0.1, 203.0.113.5", 403),
        ("203.0.113.5, 127.0.0.1", 403),
    ] {
        let response = running.send(&Request::get("").header("X-Forwarded-For", forwarded));
        assert_eq!(response.status, status, "{forwarded}: {response:?}");
    }
    assert_eq!(running.send(&Request::get("")).status, 200, "this machine may ask, without a proxy");
}

/// A proxy of another path in front of a server of the same kind: the documents name the proxy's address, and a
/// stranger is still one.
fn passes_on_who_asks(server: &Server, name: &str) {
    const URL: &str = "https://voice.example.org/line";
    assert!(fenced("config: url").contains(&format!("url = \"{URL}\"")));
    let back = behind(name).with("CONFERENCE_URL", URL);
    let Some(back) = (server.start)(&back) else { return };
    let loads = if name == "apache" { modules(&["proxy", "proxy_http"]) } else { String::new() };
    let proxy = fenced(&format!("config: proxy {name}"));
    assert!(proxy.contains("8080") && proxy.contains(SCRIPT), "{proxy}");
    let proxy = proxy.replace("8080", &back.address().port().to_string());
    let front = Setup::new().configured(&(loads + &proxy));
    let Some(front) = (server.start)(&front) else { return };

    let response =
        Request::get("?conference_code=1234&session_id=s1").send(front.address(), "/line").unwrap();
    assert_eq!(response.status, 200, "{response:?}");
    assert!(response.text().contains(&format!("'{URL}'")), "{response:?}");
    let renewal = Request::form("", "event=renew&conference_code=1234&session_id=s1");
    assert_eq!(renewal.send(front.address(), "/line").unwrap().status, 200);
    for claim in [None, Some("192.0.2.10"), Some("127.0.0.1")] {
        let request = Request::get("");
        let request = claim.iter().fold(request, |request, &claim| request.header("X-Forwarded-For", claim));
        let response =
            request.send_from(Ipv4Addr::new(127, 0, 0, 2), front.address().port(), "/line").unwrap();
        assert_eq!(response.status, 403, "a stranger who claims to be {claim:?}: {response:?}");
    }
}

#[test]
fn apache_believes_the_proxy_alone() {
    believes_the_proxy_alone(&APACHE, "apache");
}

#[test]
fn nginx_believes_the_proxy_alone() {
    believes_the_proxy_alone(&NGINX, "nginx");
}

#[test]
fn lighttpd_believes_the_proxy_alone() {
    believes_the_proxy_alone(&LIGHTTPD, "lighttpd");
}

#[test]
fn apache_as_a_proxy_passes_on_who_asks() {
    passes_on_who_asks(&APACHE, "apache");
}

#[test]
fn nginx_as_a_proxy_passes_on_who_asks() {
    passes_on_who_asks(&NGINX, "nginx");
}

#[test]
fn lighttpd_as_a_proxy_passes_on_who_asks() {
    passes_on_who_asks(&LIGHTTPD, "lighttpd");
}
