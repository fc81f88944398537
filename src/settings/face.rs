//! Which face a web server has given to the program (contract section 1). Its configuration alone can: nothing that a
//! request carries reaches a variable of these names.

use super::BadSetting;
use super::environment::Environment;

/// What answers the requests of a web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Documents for a voice platform.
    Line,
    /// Pages and JSON for the people who run conferences.
    Desk {
        /// Whether whoever sits at this machine needs no log-in.
        open: bool,
    },
}

impl Face {
    /// The face that the environment asks for.
    pub fn of(environment: &Environment) -> Result<Self, BadSetting> {
        let is = |variable, wanted: &str| match environment.get(variable) {
            None => Ok(false),
            Some(value) if value == wanted => Ok(true),
            Some(value) => {
                let value = value.to_string_lossy().into_owned();
                let wanted = format!("{wanted}, or left out");
                Err(BadSetting::Value { variable, place: None, value, wanted })
            }
        };
        let open = is("CONFERENCE_DESK", "open")?;
        Ok(if is("CONFERENCE_FACE", "desk")? { Self::Desk { open } } else { Self::Line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(variables: &[(&str, &str)]) -> Result<Face, BadSetting> {
        Face::of(&Environment::from_iter(variables.iter().copied()))
    }

    #[test]
    fn only_the_exact_words_make_a_desk_or_open_it() {
        assert_eq!(face(&[]), Ok(Face::Line));
        assert_eq!(face(&[("CONFERENCE_FACE", "desk")]), Ok(Face::Desk { open: false }));
        let open = [("CONFERENCE_FACE", "desk"), ("CONFERENCE_DESK", "open")];
        assert_eq!(face(&open), Ok(Face::Desk { open: true }));
        assert_eq!(face(&[("HTTP_CONFERENCE_FACE", "desk")]), Ok(Face::Line));
        for (variable, value) in
            [("CONFERENCE_FACE", "Desk"), ("CONFERENCE_FACE", "1"), ("CONFERENCE_DESK", "yes")]
        {
            let bad = face(&[(variable, value)]).unwrap_err().to_string();
            assert!(bad.starts_with(variable), "{bad}");
        }
    }
}
