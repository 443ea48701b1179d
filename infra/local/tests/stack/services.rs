//! DynamoDB, SES and KMS through the SDKs that the functions use.

use crate::support::stack;
use aws_sdk_dynamodb::types::AttributeValue::{N, S};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use aws_sdk_ses::types::{Body, Content, Destination, Message};
use hearth_local::Stack;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};

fn ses(stack: &Stack) -> aws_sdk_ses::Client {
    let (region, credentials, http, timeouts, _) = crate::support::aws(stack).parts();
    let config = aws_sdk_ses::Config::builder()
        .behavior_version(aws_sdk_ses::config::BehaviorVersion::latest())
        .region(aws_sdk_ses::config::Region::new(region))
        .credentials_provider(credentials)
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(aws_sdk_ses::config::retry::RetryConfig::disabled())
        .endpoint_url(&stack.environment()["AWS_ENDPOINT_URL_SES"]);
    aws_sdk_ses::Client::from_conf(config.build())
}

fn message(subject: &str) -> Message {
    let content = |data: &str| Content::builder().data(data).charset("UTF-8").build().unwrap();
    let body = Body::builder().text(content("Olá & <b>+\nhttp://localhost/x#y")).html(content("<p>Olá</p>"));
    Message::builder().subject(content(subject)).body(body.build()).build()
}

#[tokio::test]
async fn mail_is_caught_as_ses_would_send_it() {
    let (stack, _) = stack().await;
    let send = async |from: &str, to: &str, subject: &str| {
        let call = ses(&stack).send_email().source(from).destination(Destination::builder().to_addresses(to).build());
        call.message(message(subject)).send().await
    };
    let sent = send("Clinic <portal@clinic.example>", "parent@home.example", "Código: 12 + 34").await.unwrap();
    let mails = stack.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].id, sent.message_id());
    assert_eq!(mails[0].from, "Clinic <portal@clinic.example>");
    assert_eq!(mails[0].to, ["parent@home.example"]);
    assert_eq!(mails[0].subject, "Código: 12 + 34");
    assert_eq!(mails[0].text.as_deref(), Some("Olá & <b>+\nhttp://localhost/x#y"));
    assert_eq!(mails[0].html.as_deref(), Some("<p>Olá</p>"));
    for (from, to, subject) in [
        ("nobody", "parent@home.example", "s"),
        ("a@b.example", "parent@home.example\r\nBcc: x@y.example", "s"),
        ("a@b.example", "parent@home.example", "s\r\nBcc: x@y.example"),
    ] {
        assert!(send(from, to, subject).await.is_err(), "{from} {to} {subject}");
    }
    stack.fail_mails(1);
    let error = send("a@b.example", "parent@home.example", "s").await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 503);
    assert!(send("a@b.example", "parent@home.example", "s").await.is_ok());
    assert_eq!(stack.mails().len(), 2);
    let list = reqwest::get(stack.tools_url()).await.unwrap().text().await.unwrap();
    assert!(list.contains("Código: 12 + 34"));
    let page = reqwest::get(format!("{}/mails/{}", stack.tools_url(), mails[0].id)).await.unwrap();
    assert!(page.text().await.unwrap().contains("Olá &amp; &lt;b&gt;+"));
}

#[tokio::test]
async fn kms_signs_with_the_key_that_it_publishes() {
    let (stack, _) = stack().await;
    let kms = crate::support::aws(&stack).kms(&crate::support::environment(&stack));
    let key = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000001";
    let public = kms.get_public_key().key_id(key).send().await.unwrap();
    let public = VerifyingKey::from_public_key_der(public.public_key().unwrap().as_ref()).unwrap();
    for (kind, message) in
        [(MessageType::Raw, b"text".to_vec()), (MessageType::Digest, Sha256::digest(b"text").to_vec())]
    {
        let call = kms.sign().key_id(key).message(Blob::new(message)).message_type(kind.clone());
        let signed = call.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256).send().await.unwrap();
        let signature = Signature::from_der(signed.signature().unwrap().as_ref()).unwrap();
        public.verify(b"text", &signature).unwrap_or_else(|_| panic!("{kind:?}"));
    }
    let other = kms.sign().key_id("other").message(Blob::new(b"text")).message_type(MessageType::Raw);
    let other = other.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256).send().await.unwrap_err();
    assert!(other.into_service_error().is_not_found_exception());
    let short = kms.sign().key_id(key).message(Blob::new(b"text")).message_type(MessageType::Digest);
    assert!(short.signing_algorithm(SigningAlgorithmSpec::EcdsaSha256).send().await.is_err());
}

#[tokio::test]
async fn a_web_page_reaches_neither_database_nor_mail() {
    let (stack, _) = stack().await;
    let foreign = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
    for service in ["DYNAMODB", "SES", "KMS"] {
        let url = &stack.environment()[&format!("AWS_ENDPOINT_URL_{service}")];
        for authorization in [None, Some(foreign)] {
            let request = reqwest::Client::new().post(url).header("origin", "https://evil.example");
            let request = request.header("x-amz-target", "DynamoDB_20120810.ListTables").body("{}");
            let request =
                request.header("content-type", "application/x-amz-json-1.0").header("x-amz-date", "20260101T000000Z");
            let request =
                authorization.into_iter().fold(request, |request, text| request.header("authorization", text));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 403, "{service}");
            assert!(!response.headers().contains_key("access-control-allow-origin"));
        }
        let preflight =
            reqwest::Client::new().request(reqwest::Method::OPTIONS, url).header("origin", "https://evil.example");
        let preflight = preflight.header("access-control-request-method", "POST").send().await.unwrap();
        assert!(!preflight.headers().contains_key("access-control-allow-origin"), "{service}");
    }
}

#[tokio::test]
async fn of_six_parallel_acceptances_exactly_one_wins() {
    let (stack, _) = stack().await;
    let (client, table) = (crate::support::dynamodb(&stack), stack.environment()["TABLE"].clone());
    for round in 0..20 {
        let key = format!("INVITATION#{round}");
        let open = client.put_item().table_name(&table).item("pk", S(key.clone())).item("sk", S("META".to_owned()));
        open.item("state", S("open".to_owned())).send().await.unwrap();
        let accepts: Vec<_> = (0..6)
            .map(|login| {
                let (client, table, key) = (client.clone(), table.clone(), key.clone());
                tokio::spawn(async move {
                    let close = Update::builder()
                        .table_name(&table)
                        .key("pk", S(key.clone()))
                        .key("sk", S("META".to_owned()))
                        .update_expression("SET #s = :taken")
                        .condition_expression("#s = :open")
                        .expression_attribute_names("#s", "state")
                        .expression_attribute_values(":taken", S("taken".to_owned()))
                        .expression_attribute_values(":open", S("open".to_owned()));
                    let grant = Put::builder()
                        .table_name(&table)
                        .item("pk", S(key))
                        .item("sk", S(format!("GRANT#{login}")))
                        .item("version", N("1".to_owned()))
                        .condition_expression("attribute_not_exists(pk)");
                    let call = client.transact_write_items();
                    let call = call.transact_items(TransactWriteItem::builder().update(close.build().unwrap()).build());
                    let call = call.transact_items(TransactWriteItem::builder().put(grant.build().unwrap()).build());
                    call.send().await.is_ok()
                })
            })
            .collect();
        let mut winners = 0;
        for accept in accepts {
            winners += usize::from(accept.await.unwrap());
        }
        assert_eq!(winners, 1, "round {round}");
    }
    stack.idle().await;
    assert_eq!(stack.items().unwrap().len(), 40);
}
