//! The mail service, SES.

use std::time::Duration;

use aws_sdk_ses::Client;
use aws_sdk_ses::config::{BehaviorVersion, Region};
use aws_sdk_ses::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_ses::types::{Body, Content, Destination, Message};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::domain::text::EmailAddress;
use hearth::mail::Letter;

/// Why a mail was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// It may work later, or nobody knows whether it worked.
    ForNow(&'static str),
    /// The service refuses this mail, and would again.
    Never,
}

/// Sends mails from the clinic's address.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    client: Client,
    sender: String,
    /// Demands TLS, and tells of what comes back.
    configuration_set: Option<String>,
}

impl Post {
    /// Reads `SENDER` and `CONFIGURATION_SET` (optional) and builds the client; `AWS_ENDPOINT_URL_SES` overrides its address.
    pub(crate) fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        let (region, credentials, http, _, _) = aws.parts();
        let mut config = aws_sdk_ses::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(credentials)
            .http_client(http)
            // A try whose outcome is unknown may have sent the mail. So there is one try, which may take its time; the
            // stream brings the record again, after a pause that suits a service at its limit.
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(1))
                    .operation_timeout(Duration::from_secs(5))
                    .build(),
            )
            .retry_config(RetryConfig::disabled());
        config.set_sleep_impl(aws.sleep());
        config.set_endpoint_url(env.optional("AWS_ENDPOINT_URL_SES").map(str::to_owned));
        Ok(Self {
            client: Client::from_conf(config.build()),
            sender: env.required("SENDER")?.to_owned(),
            configuration_set: env.optional("CONFIGURATION_SET").map(str::to_owned),
        })
    }

    /// Sends a letter to one address.
    pub(crate) async fn send(&self, to: &EmailAddress, letter: &Letter) -> Result<(), Unsent> {
        let message = message(letter).map_err(|_| Unsent::ForNow("a mail could not be built"))?;
        self.client
            .send_email()
            .source(&self.sender)
            .set_configuration_set_name(self.configuration_set.clone())
            .destination(Destination::builder().to_addresses(to.as_typed()).build())
            .message(message)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| unsent(&error))
    }
}

fn message(letter: &Letter) -> Result<Message, BuildError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder().text(utf8(&letter.text)?).build();
    Ok(Message::builder().subject(utf8(letter.subject)?).body(body).build())
}

/// What an error of SES means. Its own words stay inside: they can quote the address.
fn unsent<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Unsent {
    match error {
        SdkError::ServiceError(service) => meaning(service.err().code(), service.err().message()),
        _ => Unsent::ForNow("ses did not answer"),
    }
}

fn meaning(code: Option<&str>, message: Option<&str>) -> Unsent {
    match code {
        // One code for two things. "Email address is not verified" is about the sender, or about every recipient while the
        // account is in the sandbox; only the words tell it from a refusal of this one mail.
        Some("MessageRejected") if message.is_some_and(|text| text.to_ascii_lowercase().contains("not verified")) => {
            Unsent::ForNow("ses is not set up: the sender is not verified, or the account is in the sandbox")
        }
        // Both concern this one mail. To wait for them would hold up every mail behind it in the stream.
        Some("MessageRejected" | "InvalidParameterValue") => Unsent::Never,
        // What follows is for operators to mend; the mails wait for an hour.
        Some("AccessDenied" | "AccessDeniedException") => Unsent::ForNow("a right is missing in the template"),
        Some("AccountSendingPausedException" | "ConfigurationSetSendingPausedException") => {
            Unsent::ForNow("sending is paused in ses")
        }
        Some("ConfigurationSetDoesNotExist" | "MailFromDomainNotVerifiedException") => {
            Unsent::ForNow("ses is not set up")
        }
        Some("Throttling" | "ThrottlingException") => Unsent::ForNow("ses is at its limit"),
        _ => Unsent::ForNow("ses did not do it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_mail_itself_is_final() {
        assert_eq!(meaning(Some("MessageRejected"), Some("Address blacklisted.")), Unsent::Never);
        assert_eq!(meaning(Some("MessageRejected"), None), Unsent::Never);
        for code in [Some("Throttling"), Some("ServiceUnavailable"), Some("AccountSendingPausedException"), None] {
            assert!(matches!(meaning(code, None), Unsent::ForNow(_)), "{code:?}");
        }
    }

    #[test]
    fn an_unverified_sender_is_for_operators_to_mend_and_its_words_stay_inside() {
        let words = "Email address is not verified. The following identities failed the check: desk@clinic.example";
        let Unsent::ForNow(cause) = meaning(Some("MessageRejected"), Some(words)) else { panic!("it is final") };
        assert!(!cause.contains('@'));
    }

    #[test]
    fn a_letter_goes_out_as_plain_text_in_utf8() {
        let letter = Letter { subject: "Un mensaje de su clínica", text: "Su código".to_owned() };
        let message = message(&letter).unwrap();
        let text = message.body().unwrap().text().unwrap();
        assert_eq!((text.data(), text.charset()), ("Su código", Some("UTF-8")));
        assert!(message.body().unwrap().html().is_none());
        assert_eq!(message.subject().unwrap().data(), letter.subject);
    }
}
