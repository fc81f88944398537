//! What belongs to the desk's pages: a stylesheet, a script, an icon. Each goes by a name with the hash of its content,
//! so that a browser may keep it for good and never has that of another version.

use crate::response::{MediaType, Response};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A file that pages refer to.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    extension: &'static str,
    media_type: MediaType,
    content: &'static str,
}

/// The stylesheet.
pub static STYLE: Asset = Asset {
    extension: "css",
    media_type: MediaType::Stylesheet,
    content: include_str!("../../templates/desk/desk.css"),
};

/// The script.
pub static SCRIPT: Asset = Asset {
    extension: "js",
    media_type: MediaType::PageScript,
    content: include_str!("../../templates/desk/desk.js"),
};

/// The icon.
pub static ICON: Asset = Asset {
    extension: "svg",
    media_type: MediaType::Icon,
    content: include_str!("../../templates/desk/desk.svg"),
};

impl Asset {
    /// The file of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.name() == name)
    }

    /// The name, which no other content has.
    pub fn name(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.content.hash(&mut hasher);
        format!("desk-{:016x}.{}", hasher.finish(), self.extension)
    }

    /// The file.
    pub fn response(&self) -> Response {
        Response::document(self.media_type, self.content.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_own_name_alone() {
        for asset in [&STYLE, &SCRIPT, &ICON] {
            assert_eq!(Asset::named(&asset.name()), Some(asset));
            let other = Asset { content: "another version", ..*asset };
            assert_eq!(Asset::named(&other.name()), None);
        }
        assert_eq!(Asset::named("desk.css"), None);
    }
}
