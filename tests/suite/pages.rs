//! The pages agree with one another, with the source, and with their own arithmetic.

use crate::readme::{PAGES, table};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A figure that goes into the arithmetic of scale.
fn figure(name: &str) -> f64 {
    let row = table("## What goes in").into_iter().find(|row| row[0] == name);
    row.unwrap_or_else(|| panic!("no figure {name}"))[1].parse().unwrap()
}

/// A whole number, its thousands set apart.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<_> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

#[test]
fn the_table_of_scale_is_what_its_figures_come_to() {
    let [busy, rush] = ["busy", "rush"].map(figure);
    let requests = |callers: f64, renew: f64| callers / renew + callers * figure("entry") / rush;
    let of_processor = figure("served") / 2.0;
    let told = table("## What comes out");
    for row in &told {
        let number = |cell: usize| row[cell].replace(',', "").parse::<f64>().unwrap();
        let (callers, renew) = (number(0), number(1));
        let requests = requests(callers, renew);
        let computed = [
            grouped(callers),
            renew.to_string(),
            grouped(requests),
            (requests / of_processor / busy).ceil().to_string(),
            (requests * figure("redis") / (of_processor * 8.0) / busy).ceil().to_string(),
            (requests * figure("thread") / 1e6 / busy).ceil().to_string(),
            format!("{:.2} s", callers / figure("size") * figure("list") / 200_000.0),
        ];
        assert_eq!(row, &computed);
    }
    assert_eq!((told[0][0], told[told.len() - 1][0]), ("1,000", "1,000,000"));
    let page = PAGES.iter().find(|page| page.starts_with("# Scale\n")).unwrap();
    let a_second = (28_232.0_f64 / 60.0).floor();
    let most = a_second / requests(1.0, 60.0);
    let waiting = 1000.0 * 5.0 * figure("memory") / 1e3;
    for claim in [
        format!("is {a_second} requests a second: {} callers in a rush", grouped(most)),
        format!("5000 processes, up to {waiting} GB"),
    ] {
        assert!(page.contains(&claim), "{claim}");
    }
}

/// Where links within the repository lead: path and, behind `#`, heading.
fn links(page: &str) -> BTreeSet<(&str, &str)> {
    let links = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let inside = links.filter(|link| !link.contains("://"));
    inside.map(|link| link.split_once('#').unwrap_or((link, ""))).collect()
}

/// Whether a page has a heading that GitHub gives this anchor.
fn has_heading(page: &str, anchor: &str) -> bool {
    let headings =
        page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches(['#', ' ']));
    let kept = |c: &char| c.is_alphanumeric() || "-_ ".contains(*c);
    headings
        .map(|text| text.to_lowercase().chars().filter(kept).collect::<String>())
        .any(|id| id.replace(' ', "-") == anchor)
}

#[test]
fn every_page_is_linked_from_the_readme_and_every_link_leads_somewhere() {
    let pages = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let pages = pages.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(".md"));
    let mut pages: BTreeSet<_> = pages.map(|name| format!("docs/{name}")).collect();
    assert_eq!(pages.len() + 1, PAGES.len(), "a page is missing in PAGES");
    let linked: BTreeSet<_> = links(PAGES[0]).into_iter().map(|(path, _)| path.to_owned()).collect();
    assert!(pages.is_subset(&linked), "{pages:?} {linked:?}");
    pages.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(String::from));
    for page in pages.iter().map(|page| root().join(page)) {
        let text = fs::read_to_string(&page).unwrap();
        for (path, anchor) in links(&text) {
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            let there = target.exists()
                && (anchor.is_empty() || has_heading(&fs::read_to_string(&target).unwrap(), anchor));
            assert!(there, "{}: {path}#{anchor}", page.display());
        }
    }
}

#[test]
fn the_page_about_how_it_works_names_every_module_and_no_other() {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = library.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let modules: BTreeSet<_> = modules.map(|name| name.trim_end_matches(';')).collect();
    let rows = table("## The way of a request");
    let told: BTreeSet<_> =
        rows.iter().flat_map(|row| row[0].split(", ")).map(|name| name.trim_matches('`')).collect();
    assert_eq!(told, modules);
    let page = PAGES.iter().find(|page| page.starts_with("# How it works\n")).unwrap();
    let diagram = page.split("```mermaid\n").nth(1).unwrap().split("```").next().unwrap();
    for arrow in diagram.lines().skip(1) {
        let nodes = arrow.split("-->").map(|node| node.rsplit('|').next().unwrap().trim_matches([' ', '<']));
        for node in nodes.filter(|node| !node.contains('(')) {
            assert!(modules.contains(node), "{arrow}");
        }
    }
}

#[test]
fn every_path_that_contributors_are_told_is_there() {
    let page = include_str!("../../CONTRIBUTING.md");
    let spans = page.split('`').skip(1).step_by(2).filter(|span| span.contains('/') && !span.contains(' '));
    // What is built is not in the repository.
    let paths: Vec<_> = spans.filter(|span| !span.starts_with("target/")).collect();
    assert!(paths.contains(&"src/settings/table.rs"), "{paths:?}");
    for path in paths {
        assert!(root().join(path).exists(), "{path}");
    }
}
