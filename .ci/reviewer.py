"""What somebody who reviews the template for HIPAA asks for, as checks of the transformed template.

The numbers are points of the review; the letters in brackets name the AWS Config rules of the conformance pack "Operational
Best Practices for HIPAA Security" that a check covers, as far as they concern resources that the stack has. A rule that the
stack does not follow stands in EXCEPTIONS with its reason, and an exception that nothing needs any more is a finding.
"""

import json
import re
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
RUNBOOK = HERE / "infra/deploy/RUNBOOK.md"
GUIDE = HERE / "infra/deploy/README.md"

# Services that may hold or carry health data under AWS's business associate addendum: "HIPAA Eligible Services Reference",
# https://aws.amazon.com/compliance/hipaa-eligible-services-reference/, to be compared at each release; last compared from
# secondary copies of that list on 2026-11-22, as the page itself could not be reached from where this was written.
ELIGIBLE = {
    "ApiGatewayV2", "Backup", "CloudFront", "CloudWatch", "DynamoDB", "Events", "KMS", "Lambda", "Logs", "S3", "SES", "SNS",
    "SQS", "SecretsManager",
    # Not on the list, as it never sees health data: who may do what.
    "IAM",
}

NO_VPC = "nothing in the stack has an address inside a network; a network would add a gateway to pay for and to keep"
SYNCHRONOUS = "only the API calls it and waits for the answer: there is no event to keep"
SHARED_POOL = "reserving takes from the runs that all functions share, which small accounts have ten of"
EXCEPTIONS = {
    **{f"LAMBDA_INSIDE_VPC: {name}": NO_VPC for name in (
        "Login", "Members", "Invitations", "Documents", "Signatures", "Portal", "Intake", "Seal", "Mailer", "Reminders")},
    **{f"LAMBDA_DLQ_CHECK: {name}": SYNCHRONOUS for name in (
        "Login", "Members", "Invitations", "Documents", "Signatures", "Portal")},
    **{f"LAMBDA_CONCURRENCY_CHECK: {name}": SHARED_POOL for name in (
        "Members", "Invitations", "Documents", "Signatures", "Portal", "Intake", "Seal", "Reminders")},
    "SECRETSMANAGER_ROTATION_ENABLED_CHECK: StackSecret":
        "mailboxes are found by a hash under it: with another value nobody could sign in",
    "S3_BUCKET_REPLICATION_ENABLED: Bucket": "records never leave their region; versions, locks and retention keep them",
    "S3_BUCKET_REPLICATION_ENABLED: AccessLogs": "records never leave their region, and logs may be lost with it",
    "S3_BUCKET_LOGGING_ENABLED: AccessLogs": "it holds the log; a log of the log would not end",
    "S3_DEFAULT_ENCRYPTION_KMS: AccessLogs": "S3 delivers access logs to buckets under its own key (SSE-S3) only",
    "DYNAMODB_IN_BACKUP_PLAN: Table": "by parameter: point-in-time recovery is on for everybody",
    "DENY_FOR_EVENTS: Table":
        "events share partitions with what they are about and dynamodb:LeadingKeys sees partitions only; no function may change "
        "an item in place there, and events are chained by hashes",
}

CHECKS = {}


def check(name):
    def register(function):
        CHECKS[name] = function
        return function
    return register


def findings(worlds):
    found = {one for world in worlds.values() for name, function in CHECKS.items() for one in tagged(name, function, world)}
    for rule, reason in EXCEPTIONS.items():
        if not any(f"[{rule}]" in one for one in found):
            yield f"no longer needed, the exception for {rule}"
        if len(reason) < 20:
            yield f"the exception for {rule} has no reason"
    yield from sorted(one for one in found if not any(f"[{rule}]" in one for rule in EXCEPTIONS))


def tagged(name, function, world):
    return [f"{name}: {one}" for one in function(world)]


def of(world, kind):
    return {name: one.get("Properties", {}) for name, one in world["Resources"].items() if one["Type"] == kind}


def says(value, *words):
    text = json.dumps(value)
    return all(word in text for word in words)


def statements(world, kind, resource=None):
    for properties in of(world, kind).values():
        if resource is None or says(properties, resource):
            yield from properties["PolicyDocument"]["Statement"]


def lists(value):
    return value if isinstance(value, list) else [value]


def functions(world):
    return of(world, "AWS::Lambda::Function")


def woken(world):
    """Functions that run without anybody waiting: by a bucket, a rule or a clock."""
    for permission in of(world, "AWS::Lambda::Permission").values():
        if permission["Principal"] != "apigateway.amazonaws.com":
            yield permission["FunctionName"]["Ref"]


def opened(world):
    """Routes that ask for no token, which is told by the functions' own description: here by their names."""
    (api,) = of(world, "AWS::ApiGatewayV2::Api").values()
    for path, methods in api["Body"]["paths"].items():
        for method in methods:
            key = f"{method.upper()} {path}"
            if method == "post" and re.match(r"POST /(login(/code|/passkey|/passkey/begin|/recover|/recover/confirm|/refresh)?"
                                             r"|invitations/(look|confirm|accept|decline))$", key):
                yield key


@check("1 the key rotates, is kept, and names who may use it")
def key(world):
    for name, one in world["Resources"].items():
        if one["Type"] == "AWS::KMS::Key":
            properties = one["Properties"]
            if not properties.get("EnableKeyRotation"):
                yield f"{name} does not rotate"
            if properties.get("PendingWindowInDays", 30) < 30:
                yield f"{name} could be gone within a month"
            for statement in properties["KeyPolicy"]["Statement"]:
                if statement["Principal"] in ("*", {"AWS": "*"}):
                    yield f"{name} may be used by anybody"
                if "Service" in statement["Principal"] and not statement.get("Condition"):
                    yield f"{name} may be used by a service for other accounts"


@check("2 what holds records is kept when the stack goes [DYNAMODB_PITR_ENABLED, DYNAMODB_TABLE_ENCRYPTED_KMS]")
def kept(world):
    for name, one in world["Resources"].items():
        if one["Type"] in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret",
                           "AWS::Logs::LogGroup", "AWS::Backup::BackupVault"):
            if one.get("DeletionPolicy") != "Retain" or one.get("UpdateReplacePolicy") != "Retain":
                yield f"{name} goes with the stack"
    for name, table in of(world, "AWS::DynamoDB::Table").items():
        if not table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield f"{name} cannot be restored to a moment"
        if not table.get("DeletionProtectionEnabled"):
            yield f"{name} can be deleted by a slip"
        sse = table.get("SSESpecification", {})
        if sse.get("SSEType") != "KMS" or not says(sse.get("KMSMasterKeyId"), "DataKey"):
            yield f"{name} is not encrypted with the stack's key"
        if table.get("TimeToLiveSpecification", {}).get("AttributeName") != "expires":
            yield f"{name} forgets by an attribute that records may have"


@check("3 buckets are closed, encrypted, versioned, TLS only [S3_*]")
def buckets(world):
    for name, bucket in of(world, "AWS::S3::Bucket").items():
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if [block.get(one) for one in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")] != [True] * 4:
            yield f"{name} could be made public"
        if not says(bucket.get("OwnershipControls"), "BucketOwnerEnforced"):
            yield f"{name} may hold files of others"
        if not bucket.get("BucketEncryption"):
            yield f"{name} is not encrypted"
        if not says(bucket.get("BucketEncryption"), "aws:kms", "DataKey"):
            yield f"{name} is not under the stack's key [S3_DEFAULT_ENCRYPTION_KMS: {name}]"
        if bucket.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name} keeps no versions"
        if "LoggingConfiguration" not in bucket:
            yield f"{name} does not log who asked [S3_BUCKET_LOGGING_ENABLED: {name}]"
        if "ReplicationConfiguration" not in bucket:
            yield f"{name} is in one region [S3_BUCKET_REPLICATION_ENABLED: {name}]"
        policy = list(statements(world, "AWS::S3::BucketPolicy", f'"Bucket": {{"Ref": "{name}"}}'))
        tls = [one for one in policy if one["Effect"] == "Deny" and says(one.get("Condition"), "aws:SecureTransport", "false")]
        if not any(one["Principal"] == "*" and one["Action"] == "s3:*" for one in tls):
            yield f"{name} may be reached without TLS"
        if any(one["Effect"] == "Allow" and one["Principal"] in ("*", {"AWS": "*"}) for one in policy):
            yield f"{name} is open to anybody"


@check("3 files: one write for each key, short links, quarantine is emptied, sealed files can be locked")
def files(world):
    bucket = of(world, "AWS::S3::Bucket")["Bucket"]
    rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
    empties = [rule for rule in rules if rule.get("Prefix") == "quarantine/" and rule["Status"] == "Enabled"]
    if not any(rule.get("ExpirationInDays", 99) <= 30 and "NoncurrentVersionExpiration" in rule for rule in empties):
        yield "quarantine/ is not emptied after 30 days"
    if any("ExpirationInDays" in rule and rule.get("Prefix") != "quarantine/" for rule in rules):
        yield "a rule deletes more than quarantine/"
    if not bucket.get("ObjectLockEnabled"):
        yield "nothing can be locked"
    denied = [one for one in statements(world, "AWS::S3::BucketPolicy") if one["Effect"] == "Deny"]
    for action, longest in (("s3:GetObject", 60_000), ("s3:PutObject", 300_000)):
        ages = [one["Condition"].get("NumericGreaterThan", {}).get("s3:signatureAge") for one in denied if one["Action"] == action]
        if not any(age and int(age) <= longest for age in ages):
            yield f"links for {action} live longer than {longest} ms"
    if not any(says(one["Condition"], "s3:if-none-match") for one in denied):
        yield "a file may be written twice"
    if not any(says(one["Condition"], "s3:x-amz-server-side-encryption-aws-kms-key-id", "DataKey") for one in denied):
        yield "a file may be put under another key"


@check("4 logs are kept for a stated time and encrypted [CW_LOGGROUP_RETENTION_PERIOD_CHECK, CLOUDWATCH_LOG_GROUP_ENCRYPTED]")
def logs(world):
    groups = of(world, "AWS::Logs::LogGroup")
    for name, group in groups.items():
        if "RetentionInDays" not in group or not says(group.get("KmsKeyId"), "DataKey"):
            yield f"{name} has no retention or no key"
    for name, function in functions(world).items():
        if function.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref") not in groups:
            yield f"{name} logs where this template says nothing of"


@check("5 nobody may do everything; records are never changed in place [IAM_*]")
def rights(world):
    roles = [one["Role"]["Fn::GetAtt"][0] for one in functions(world).values()]
    if len(set(roles)) != len(roles):
        yield "two functions share a role"
    for statement in statements(world, "AWS::IAM::ManagedPolicy"):
        actions = lists(statement["Action"])
        if any(action in ("*", "dynamodb:*", "s3:*", "kms:*") for action in actions):
            yield f"{statement['Sid']} allows everything"
        if any(re.match(r"dynamodb:(\w*Item|Query|Scan)$", one) for one in actions) and not says(statement["Resource"], "index"):
            keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ["*"])
            if "*" in keys:
                yield f"{statement['Sid']} reaches every partition"
            if "dynamodb:UpdateItem" in actions and not set(keys) <= {"GUESSES#*", "LIMIT#*"}:
                yield f"{statement['Sid']} may change records in place"
        if "dynamodb:Scan" in actions:
            yield f"{statement['Sid']} may read the whole table"
        if any(re.match(r"s3:Delete|s3:Bypass|s3:PutBucket|kms:(Schedule|Disable|Put)|dynamodb:DeleteTable", one) for one in actions):
            yield f"{statement['Sid']} may destroy records"
    if not any(one["Effect"] == "Deny" and says(one, "dynamodb") for one in statements(world, "AWS::IAM::ManagedPolicy")):
        yield "nothing denies changing events [DENY_FOR_EVENTS: Table]"


@check("6 runs are reserved [LAMBDA_CONCURRENCY_CHECK, LAMBDA_INSIDE_VPC]")
def reserved(world):
    on = any("ReservedConcurrentExecutions" in one for one in functions(world).values())
    for name, function in functions(world).items():
        if on and "ReservedConcurrentExecutions" not in function:
            yield f"{name} shares its runs [LAMBDA_CONCURRENCY_CHECK: {name}]"
        if "VpcConfig" not in function:
            yield f"{name} is in no network [LAMBDA_INSIDE_VPC: {name}]"


@check("7 what fails is kept, encrypted, and ends [LAMBDA_DLQ_CHECK, SNS_ENCRYPTED_KMS]")
def failures(world):
    configured = {one["FunctionName"]["Ref"]: one for one in of(world, "AWS::Lambda::EventInvokeConfig").values()}
    for name in functions(world):
        if not says(configured.get(name), "OnFailure", "DeadLetters"):
            if name in set(woken(world)):
                yield f"{name} loses what it was woken for"
            else:
                yield f"{name} has no dead letters [LAMBDA_DLQ_CHECK: {name}]"
    for name, mapping in of(world, "AWS::Lambda::EventSourceMapping").items():
        needed = ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "DestinationConfig")
        if not set(needed) <= set(mapping) or not says(mapping, "ReportBatchItemFailures"):
            yield f"{name} could be held up for ever by one record"
    refused = [one for one in statements(world, "AWS::SQS::QueuePolicy") if says(one.get("Condition"), "aws:SecureTransport")]
    for name, queue in of(world, "AWS::SQS::Queue").items():
        if not says(queue.get("KmsMasterKeyId"), "DataKey") or queue.get("MessageRetentionPeriod", 0) < 1209600:
            yield f"{name} is not encrypted with the stack's key, or forgets within 14 days"
        if not says(refused, f'"{name}"'):
            yield f"{name} may be reached without TLS"
    for name, topic in of(world, "AWS::SNS::Topic").items():
        if not says(topic.get("KmsMasterKeyId"), "DataKey"):
            yield f"{name} is not encrypted with the stack's key"


@check("8 the API: logs without people, tighter limits where nobody has signed in, no other origin")
def api(world):
    (stage,) = of(world, "AWS::ApiGatewayV2::Stage").values()
    (definition,) = of(world, "AWS::ApiGatewayV2::Api").values()
    said = set(re.findall(r"\$context\.([\w.]+)", stage.get("AccessLogSettings", {}).get("Format", "")))
    if not {"requestId", "routeKey", "status"} <= said:
        yield "the access log does not say what was asked"
    if said - {"requestId", "routeKey", "status", "responseLatency", "error.messageString"}:
        yield "the access log says more than the route"
    usual = stage["DefaultRouteSettings"]
    for route in opened(world):
        own = stage.get("RouteSettings", {}).get(route, usual)
        if own["ThrottlingRateLimit"] > usual["ThrottlingRateLimit"] / 3 or own["ThrottlingBurstLimit"] > usual["ThrottlingBurstLimit"] / 3:
            yield f"{route} is open and not limited below the rest"
    known = {f"{method.upper()} {path}" for path, methods in definition["Body"]["paths"].items() for method in methods}
    for route in set(stage.get("RouteSettings", {})) - known:
        yield f"a limit for {route}, which is no route"
    if "CorsConfiguration" in definition or "x-amazon-apigateway-cors" in definition["Body"]:
        yield "pages of other origins may call it"
    for name, permission in of(world, "AWS::Lambda::Permission").items():
        if permission["Principal"] == "*" or not {"SourceArn", "SourceAccount"} & set(permission):
            yield f"{name} lets anybody call the function"


@check("9 secrets are made by AWS and named by reference [SECRETSMANAGER_USING_CMK, SECRETSMANAGER_ROTATION_ENABLED_CHECK]")
def secrets(world):
    for name, secret in of(world, "AWS::SecretsManager::Secret").items():
        if not says(secret.get("KmsKeyId"), "DataKey") or "SecretString" in secret:
            yield f"{name} is written down, or not under the stack's key"
        if not any(says(one, name) for one in of(world, "AWS::SecretsManager::RotationSchedule").values()):
            yield f"{name} does not rotate [SECRETSMANAGER_ROTATION_ENABLED_CHECK: {name}]"
    for name, function in functions(world).items():
        for variable, value in function.get("Environment", {}).get("Variables", {}).items():
            if "SECRET" in variable and not says(value, "{{resolve:secretsmanager:"):
                yield f"{name} is told {variable} in plain text"
        if not says(function.get("KmsKeyArn"), "DataKey"):
            yield f"{name} has variables that are not under the stack's key"
    for name, parameter in world["Parameters"].items():
        if re.search("secret|password|private", name, re.I) and not parameter.get("NoEcho"):
            yield f"the parameter {name} is shown to everybody"


@check("10 mail: TLS, what comes back is told, only from the clinic's address")
def mail(world):
    sets = of(world, "AWS::SES::ConfigurationSet")
    if not any(one.get("DeliveryOptions") == {"TlsPolicy": "REQUIRE"} for one in sets.values()):
        yield "mails may go out in the clear"
    told = [one["EventDestination"] for one in of(world, "AWS::SES::ConfigurationSetEventDestination").values()]
    if not any({"bounce", "complaint"} <= set(one["MatchingEventTypes"]) and one["Enabled"] for one in told):
        yield "nobody learns of bounces and complaints"
    for statement in statements(world, "AWS::IAM::ManagedPolicy"):
        if says(statement["Action"], "ses:Send") and not says(statement.get("Condition"), "ses:FromAddress"):
            yield f"{statement['Sid']} may send from any address"
    sends = [one for one in functions(world).values() if "SENDER" in one.get("Environment", {}).get("Variables", {})]
    if not sends or not all(says(one["Environment"], "CONFIGURATION_SET") for one in sends):
        yield "mails go out beside the configuration set"


@check("11 the guide says how data events are kept (CloudTrail), 19 and how the stack is protected")
def guide(world):
    text = world.get("Guide", GUIDE.read_text(encoding="utf-8"))
    for words in ("put-event-selectors", "AWS::DynamoDB::Table", "AWS::S3::Object", "enable-termination-protection"):
        if words not in text:
            yield f"infra/deploy/README.md does not say {words}"


@check("12 every alarm is heard and has its paragraph [CLOUDWATCH_ALARM_ACTION_CHECK]")
def alarms(world):
    text = world.get("Runbook", RUNBOOK.read_text(encoding="utf-8"))
    paragraphs = dict(re.findall(r"^### (\w+Alarm)\n\n(.+?)(?=\n#|\Z)", text, re.M | re.S))
    known = of(world, "AWS::CloudWatch::Alarm")
    for name, alarm in known.items():
        if not says(alarm.get("AlarmActions"), "Operators"):
            yield f"{name} is not heard"
        if not alarm.get("AlarmDescription", "").endswith(f"infra/deploy/RUNBOOK.md, {name}"):
            yield f"{name} does not name its paragraph"
        body = paragraphs.get(name, "")
        if not all(word in body for word in ("Means:", "Look:", "Do:")):
            yield f"{name} has no paragraph with what it means, where to look and what to do"
    for name in set(paragraphs) - set(known):
        yield f"RUNBOOK.md has a paragraph for {name}, which is no alarm"
    watched = json.dumps(list(known.values()))
    for queue in of(world, "AWS::SQS::Queue"):
        if f'["{queue}", "QueueName"]' not in watched:
            yield f"nobody watches {queue}"
    for metric in ("IteratorAge", "5xx", "Throttles", "LoginFailures", "OldestUnsentMail", "OldestUnsealedPacket",
                   "Reputation.BounceRate", "Reputation.ComplaintRate"):
        if f'"{metric}"' not in watched:
            yield f"nobody watches {metric}"
    if not of(world, "AWS::CloudWatch::Dashboard"):
        yield "there is no dashboard"


@check("13 backups outlive the table when they are asked for [DYNAMODB_IN_BACKUP_PLAN]")
def backups(world):
    chosen = of(world, "AWS::Backup::BackupSelection")
    for name in of(world, "AWS::DynamoDB::Table"):
        if not says(chosen, f'"{name}"'):
            yield f"{name} is in no plan [DYNAMODB_IN_BACKUP_PLAN: {name}]"
    for name, vault in of(world, "AWS::Backup::BackupVault").items():
        if not says(vault.get("EncryptionKeyArn"), "DataKey"):
            yield f"{name} is not under the stack's key"


@check("14 every environment says how its data are classified")
def tags(world):
    config = world.get("Config") or tomllib.loads((HERE / "samconfig.toml").read_text(encoding="utf-8"))
    for name, one in config.items():
        if isinstance(one, dict) and "deploy" in one and "data-classification" not in one["deploy"]["parameters"].get("tags", ""):
            yield f"{name} has no tag data-classification"


@check("15 what a clinic decides is a parameter, and links never come from a request's host")
def parameters(world):
    needed = ("ClinicName", "ClinicTimeZone", "AgeOfMajority", "Sender", "BaseUrl", "LogRetentionDays", "SealedRetentionYears",
              "OperatorEmail")
    for name in set(needed) - set(world["Parameters"]):
        yield f"{name} is no parameter"
    for name, parameter in world["Parameters"].items():
        if not parameter.get("Description"):
            yield f"{name} is not explained"
    (function,) = [one for name, one in functions(world).items() if name == "Mailer"]
    if not says(function["Environment"]["Variables"].get("BASE_URL", ""), "https://"):
        if not says(function["Environment"]["Variables"].get("BASE_URL", ""), "BaseUrl"):
            yield "mails link to nowhere"


@check("16 no people, keys or passwords come with it, 18 outputs tell no secret")
def sample(world):
    for name, one in world["Resources"].items():
        if one["Type"] in ("AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Group"):
            yield f"{name} is a person or a person's key"
    for name, parameter in world["Parameters"].items():
        if re.search("key|secret|password|certificate", name, re.I) and parameter.get("Default"):
            yield f"{name} has a default that everybody knows"
    for name, output in world["Outputs"].items():
        if says(output, "Secret"):
            yield f"the output {name} tells a secret"


@check("17 functions: AWS's runtime, traced, and shorter than the API waits")
def runtime(world):
    for name, function in functions(world).items():
        if function["Runtime"] != "provided.al2023" or function["Architectures"] not in (["arm64"], [{"Ref": "Architecture"}]):
            yield f"{name} runs on {function['Runtime']} {function['Architectures']}"
        if function.get("TracingConfig") != {"Mode": "Active"}:
            yield f"{name} is not traced"
        if name not in set(woken(world)) and function["Timeout"] >= 30:
            yield f"{name} may run longer than the API waits"


@check("20 only services that may hold health data")
def services(world):
    for name, one in world["Resources"].items():
        if one["Type"].split("::")[1] not in ELIGIBLE:
            yield f"{name} is of {one['Type']}, which is not on AWS's list"
