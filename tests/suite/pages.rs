//! The pages agree with one another and with the source.

use crate::readme::{PAGES, table};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
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
