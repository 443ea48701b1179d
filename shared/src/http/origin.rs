//! Where the portal is for browsers, and which pages are other sites'.

use lambda_http::Request;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

/// The portal's own origin, such as `https://portal.example.org`: the clinic's setting, or else the name that API Gateway gives
/// itself in the request's context. Never the `Host` header, which whoever sends the request writes.
pub(super) fn own(request: &Request, base_url: Option<&str>) -> String {
    let domain = || match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.clone().unwrap_or_default(),
        _ => String::new(),
    };
    base_url.map_or_else(|| format!("https://{}", domain()), str::to_owned)
}

/// Whether another site's page sent the request: browsers say so in `Sec-Fetch-Site`, older ones in `Origin`.
pub(super) fn is_foreign(fetch_site: Option<&str>, origin: Option<&str>, own: &str) -> bool {
    match (fetch_site, origin) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => !origin.eq_ignore_ascii_case(own),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_are_foreign() {
        let base = "https://portal.example.org";
        assert!(is_foreign(Some("cross-site"), None, base));
        assert!(is_foreign(Some("same-site"), Some(base), base));
        assert!(is_foreign(None, Some("https://evil.example"), base));
        assert!(!is_foreign(Some("same-origin"), None, base));
        assert!(!is_foreign(None, Some(base), base));
        assert!(!is_foreign(None, None, base));
    }

    #[test]
    fn the_host_header_never_says_where_the_portal_is() {
        let event = include_str!("../../../events/login/passkey-begin.json");
        let api = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
        let forged = event.replace(&format!("\"host\": \"{api}\""), "\"host\": \"evil.example\"");
        assert_ne!(forged, event);
        let request = lambda_http::request::from_str(&forged).unwrap();
        assert_eq!(own(&request, None), format!("https://{api}"));
        assert_eq!(own(&request, Some("https://portal.example.org")), "https://portal.example.org");
    }
}
