//! Matching a request to a route of the template.

use crate::error::StartError;
use crate::template::Template;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// One part of a route's path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    // Literals sort before parameters: the more specific route is tried first.
    Literal(String),
    Parameter(String),
}

#[derive(Debug, Clone)]
struct Compiled {
    method: String,
    segments: Vec<Segment>,
    key: String,
    function: String,
}

/// All routes of the template.
#[derive(Debug, Clone, Default)]
pub(crate) struct Routes(Vec<Compiled>);

/// The route that a request took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// `METHOD /path/{parameter}`.
    pub(crate) key: String,
    /// The function's name in the template.
    pub(crate) function: String,
    /// Path parameters, decoded.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Routes {
    /// Compiles the template's routes.
    pub(crate) fn new(template: &Template) -> Result<Self, StartError> {
        let mut compiled: Vec<Compiled> = Vec::new();
        for (route, function) in template.routes() {
            let segments: Vec<Segment> = route.path.split('/').map(segment).collect();
            let shape = |segments: &[Segment]| -> Vec<Option<String>> {
                let literal = |segment: &Segment| match segment {
                    Segment::Literal(text) => Some(text.clone()),
                    Segment::Parameter(_) => None,
                };
                segments.iter().map(literal).collect()
            };
            let twin = compiled
                .iter()
                .find(|other| other.method == route.method && shape(&other.segments) == shape(&segments));
            if let Some(twin) = twin {
                let reason = format!("the route `{}` collides with `{}`", route.key(), twin.key);
                return Err(StartError::function(&function.logical_id, reason));
            }
            compiled.push(Compiled {
                method: route.method.clone(),
                segments,
                key: route.key(),
                function: function.logical_id.clone(),
            });
        }
        compiled.sort_by(|a, b| a.segments.cmp(&b.segments));
        Ok(Self(compiled))
    }

    /// The route for a method and a path as it came over the wire.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Match> {
        let parts: Vec<&str> = path.split('/').collect();
        self.0.iter().filter(|route| route.method == method).find_map(|route| {
            let parameters = route.matches(&parts)?;
            Some(Match { key: route.key.clone(), function: route.function.clone(), parameters })
        })
    }
}

impl Compiled {
    fn matches(&self, parts: &[&str]) -> Option<BTreeMap<String, String>> {
        if parts.len() != self.segments.len() {
            return None;
        }
        let mut parameters = BTreeMap::new();
        for (segment, part) in self.segments.iter().zip(parts) {
            let decoded = percent_decode_str(part).decode_utf8_lossy();
            match segment {
                Segment::Literal(text) if *text == decoded => {}
                Segment::Parameter(name) if !decoded.is_empty() => {
                    parameters.insert(name.clone(), decoded.into_owned());
                }
                _ => return None,
            }
        }
        Some(parameters)
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
        Some(name) => Segment::Parameter(name.to_owned()),
        None => Segment::Literal(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::Routes;
    use crate::template::{Function, Route, Template};
    use std::collections::BTreeMap;
    use std::time::Duration;

    fn routes(keys: &[&str]) -> Result<Routes, crate::StartError> {
        let routes = keys.iter().map(|key| {
            let (method, path) = key.split_once(' ').unwrap();
            Route { method: method.to_owned(), path: path.to_owned() }
        });
        let function = Function {
            logical_id: "F".to_owned(),
            binary: "f".to_owned(),
            environment: BTreeMap::new(),
            timeout: Duration::from_secs(1),
            routes: routes.collect(),
            streams: vec![],
            notifications: vec![],
            schedules: vec![],
            asynchronous_retries: 0,
            on_failure: None,
            hears_of_mail: false,
            rights: None,
        };
        Routes::new(&Template { functions: vec![function], tables: vec![], buckets: vec![] })
    }

    #[test]
    fn literals_come_before_parameters_and_nothing_else_matches() {
        let routes = routes(&[
            "GET /",
            "POST /invitations/{invitation}/resend",
            "POST /invitations/accept",
            "POST /invitations/{invitation}",
            "GET /members/{member}",
        ])
        .unwrap();
        for (method, path, expected) in [
            ("GET", "/", Some("GET /")),
            ("POST", "/invitations/accept", Some("POST /invitations/accept")),
            ("POST", "/invitations/accepted", Some("POST /invitations/{invitation}")),
            ("POST", "/invitations/accept/resend", Some("POST /invitations/{invitation}/resend")),
            ("GET", "/members/a%2Fb%20c", Some("GET /members/{member}")),
            ("GET", "/members/", None),
            ("GET", "/members", None),
            ("GET", "/members/x/", None),
            ("PUT", "/members/x", None),
            ("HEAD", "/", None),
            ("GET", "//", None),
        ] {
            let found = routes.find(method, path);
            assert_eq!(found.map(|found| found.key).as_deref(), expected, "{method} {path}");
        }
        let found = routes.find("GET", "/members/a%2Fb%20c").unwrap();
        assert_eq!(found.parameters["member"], "a/b c");
    }

    #[test]
    fn routes_that_nobody_could_tell_apart_are_refused() {
        let error = routes(&["GET /members/{member}", "GET /members/{id}"]).unwrap_err();
        assert!(error.to_string().contains("collides"));
        assert!(routes(&["GET /members/{member}", "POST /members/{id}"]).is_ok());
    }
}
