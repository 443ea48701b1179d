use super::{Template, TemplateError, World};
use std::collections::BTreeMap;

fn world() -> World {
    let parameters = [
        ("ClinicName", "Maple Clinic"),
        ("ClinicTimeZone", "America/New_York"),
        ("Sender", "portal@clinic.example"),
        ("BaseUrl", "http://localhost:8080"),
        ("TokenKeyArn", "arn:aws:kms:us-east-1:000000000000:key/k"),
        ("TokenPublicKeys", "AAAA"),
        ("SealKeyArn", "arn:aws:kms:us-east-1:000000000000:key/s"),
        ("SealCertificate", "AAAA"),
    ];
    World {
        region: "us-east-1".to_owned(),
        account: "000000000000".to_owned(),
        stack: "hearth".to_owned(),
        parameters: parameters.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect(),
        secret: "c2VjcmV0".to_owned(),
        key_id: "k".to_owned(),
        api_endpoint: "http://localhost:8080".to_owned(),
    }
}

fn read(resources: &str) -> Result<Template, TemplateError> {
    let head = "
Parameters:
  Given: {Type: String, Default: none}
  Free: {Type: String}
Conditions:
  IsLive: !Equals [!Ref Given, live]
  IsFree: !Or [!Condition IsLive, !Not [{Condition: IsLive}]]
Mappings:
  Sizes: {small: {memory: 128}}
Resources:
";
    let mut world = world();
    world.parameters = BTreeMap::from([("Given".to_owned(), "live".to_owned())]);
    Template::read(&format!("{head}{resources}"), &world)
}

fn variable(expression: &str) -> Result<String, TemplateError> {
    let template = read(&format!(
        "
  Table: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: !Sub '${{AWS::StackName}}-t'}}}}
  Bucket: {{Type: AWS::S3::Bucket}}
  Secret: {{Type: AWS::SecretsManager::Secret}}
  Api: {{Type: AWS::Serverless::HttpApi}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/login/
      Environment:
        Variables:
          V: {expression}
"
    ))?;
    let function = template.functions.first().unwrap();
    assert_eq!(function.binary, "login");
    Ok(function.environment.get("V").cloned().unwrap_or("(none)".to_owned()))
}

#[test]
fn intrinsic_functions_are_evaluated() {
    for (expression, expected) in [
        ("!Ref Given", "live"),
        ("!Ref Table", "hearth-t"),
        ("!GetAtt Table.Arn", "arn:aws:dynamodb:us-east-1:000000000000:table/hearth-t"),
        ("{Fn::GetAtt: [Bucket, Arn]}", "arn:aws:s3:::hearth-bucket"),
        (
            "!Sub 'a-${Given}-${Table.Arn}-${!kept}'",
            "a-live-arn:aws:dynamodb:us-east-1:000000000000:table/hearth-t-${kept}",
        ),
        ("!Sub ['${X}!', {X: !Ref AWS::Region}]", "us-east-1!"),
        ("!If [IsLive, yes-live, !Ref Free]", "yes-live"),
        ("!If [IsFree, 5, 6]", "5"),
        ("!Join ['-', [a, !Ref Given]]", "a-live"),
        ("!FindInMap [Sizes, small, memory]", "128"),
        ("!Ref AWS::NoValue", "(none)"),
        ("'{{resolve:secretsmanager:x:SecretString}}'", "c2VjcmV0"),
        ("!Sub '{{resolve:secretsmanager:${Secret}:SecretString}}'", "c2VjcmV0"),
        (
            "!Sub 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}'",
            "https://local.execute-api.us-east-1.amazonaws.com",
        ),
    ] {
        assert_eq!(variable(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn what_is_not_understood_is_refused_in_words() {
    for (expression, expected) in [
        ("!Ref Nobody", "`Nobody` is not defined"),
        ("!Ref Free", "parameter `Free` has no default"),
        ("!GetAtt Table.Colour", "attribute Colour"),
        ("!ImportValue other", "the function ImportValue"),
        ("'{{resolve:ssm:x}}'", "resolve:ssm"),
        ("[a, b]", "expected text"),
    ] {
        let message = variable(expression).unwrap_err().to_string();
        assert!(message.contains(expected), "{expression}: {message}");
    }
    for (resource, expected) in [
        ("  Q: {Type: AWS::Serverless::Api}", "resources of type `AWS::Serverless::Api`"),
        ("  A: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {}}}", "`Auth` of an HTTP API"),
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f/x, Events: {E: {Type: SNS, Properties: {}}}}}",
            "events of type `SNS`",
        ),
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f/x, Events: {E: {Type: HttpApi, Properties: {Method: any, Path: /}}}}}",
            "routes for any method",
        ),
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f/x, Events: {E: {Type: HttpApi, Properties: {Method: get, Path: /, Auth: {}}}}}}",
            "the property `Auth`",
        ),
    ] {
        let message = read(resource).unwrap_err().to_string();
        assert!(message.contains(expected), "{resource}: {message}");
    }
    assert!(matches!(Template::read("- a\n- b", &world()), Err(TemplateError::Missing { .. })));
    assert!(matches!(Template::read("a: [", &world()), Err(TemplateError::Syntax(_))));
}

#[test]
fn a_resource_whose_condition_fails_does_not_exist() {
    let template = read(
        "
  Here: {Type: AWS::S3::Bucket, Condition: IsLive}
  Gone: {Type: AWS::S3::Bucket, Condition: IsGone}
",
    );
    assert!(template.is_err(), "a condition that is not defined");
    let template = read("  Here: {Type: AWS::S3::Bucket, Condition: IsLive}").unwrap();
    assert_eq!(template.buckets.len(), 1);
}

#[test]
fn the_product_template_is_understood() {
    let template = Template::read(crate::TEMPLATE, &world()).unwrap();
    let names: Vec<_> = template.functions.iter().map(|f| f.binary.as_str()).collect();
    for name in
        ["login", "members", "invitations", "documents", "signatures", "portal", "verify", "intake", "seal", "mailer"]
    {
        assert!(names.contains(&name), "{name}");
    }
    assert!(template.routes().any(|(route, _)| route.key() == "POST /members/{member}/switch"));
    let table = template.tables.first().unwrap();
    assert_eq!(table.ttl_attribute.as_deref(), Some("expires"));
    assert_eq!(table.create["StreamSpecification"]["StreamEnabled"], true);
    let mailer = template.functions.iter().find(|f| f.binary == "mailer").unwrap();
    let stream = mailer.streams.first().unwrap();
    assert_eq!(stream.table, table.name);
    assert_eq!(mailer.environment["TABLE"], table.name);
    assert_eq!(mailer.environment["BASE_URL"], "http://localhost:8080");
    assert_eq!(mailer.environment["STACK_SECRET"], "c2VjcmV0");
    assert!(stream.reports_failures && stream.maximum_retries.is_some() && stream.on_failure.is_some());
    let intake = template.functions.iter().find(|f| f.binary == "intake").unwrap();
    let bucket = template.buckets.first().unwrap();
    assert_eq!(intake.notifications.first().unwrap().prefix, "quarantine/");
    assert_eq!(intake.notifications.first().unwrap().bucket, bucket.name);
    assert_eq!(intake.environment["BUCKET"], bucket.name);
    assert_eq!(bucket.cors.first().unwrap().origins, ["http://localhost:8080"]);
}

#[test]
fn what_was_uploaded_leaves_quarantine_after_thirty_days() {
    let text = std::fs::read_to_string("../../template.yaml").unwrap();
    let rules = text.split("LifecycleConfiguration:").nth(1).unwrap().split("\n\n").next().unwrap();
    let rule = rules.split("- Id: ").find(|rule| rule.contains("Prefix: quarantine/")).unwrap();
    assert!(rule.contains("Status: Enabled") && rule.contains("ExpirationInDays: 30"), "{rule}");
    // The bucket keeps versions: one that was deleted must not stay for ever.
    assert!(rule.contains("NoncurrentVersionExpiration: {NoncurrentDays: 1}"), "{rule}");
}
