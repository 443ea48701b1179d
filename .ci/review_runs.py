"""A reviewer's points about what runs: functions and their rights, the API, mail, logs and alarms."""

import json
import re
from pathlib import Path

from reviewer import check, functions, lists, of, says, statements

HERE = Path(__file__).resolve().parent.parent
RUNBOOK = HERE / "infra/deploy/RUNBOOK.md"
GUIDE = HERE / "infra/deploy/README.md"


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


@check("17 functions: AWS's runtime, traced, and shorter than the API waits")
def runtime(world):
    for name, function in functions(world).items():
        if function["Runtime"] != "provided.al2023" or function["Architectures"] not in (["arm64"], [{"Ref": "Architecture"}]):
            yield f"{name} runs on {function['Runtime']} {function['Architectures']}"
        if function.get("TracingConfig") != {"Mode": "Active"}:
            yield f"{name} is not traced"
        if name not in set(woken(world)) and function["Timeout"] >= 30:
            yield f"{name} may run longer than the API waits"
