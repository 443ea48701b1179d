"""Changes for the worse, each of which a reviewer's check must notice: a check that cannot fail proves nothing.

Each line names the check by its number, what is done to the transformed template, and to what.
"""

import copy

import reviewer

GONE = object()


def put(*path):
    """Puts the last argument where the others lead; `GONE` takes away what is there."""
    *way, last, value = path

    def change(world):
        place = world
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = value

    return change


def resource(name, *path):
    return put("Resources", name, *path)


def properties(name, *path):
    return put("Resources", name, "Properties", *path)


def statement(policy, sid, **parts):
    def change(world):
        found = world["Resources"][policy]["Properties"]
        every = found.get("PolicyDocument", found.get("KeyPolicy"))["Statement"]
        for one in every:
            if one["Sid"] == sid:
                one.update(parts)
                return
        raise KeyError(sid)

    return change


def without(policy, sid):
    def change(world):
        document = world["Resources"][policy]["Properties"]["PolicyDocument"]
        kept = [one for one in document["Statement"] if one["Sid"] != sid]
        assert len(kept) < len(document["Statement"]), sid
        document["Statement"] = kept

    return change


def added(name, kind, **values):
    return put("Resources", name, {"Type": kind, "Properties": values})


OPEN = "*"
ANYBODY = {"AWS": "*"}
TABLE = [
    ("1", properties("DataKey", "EnableKeyRotation", False)),
    ("1", properties("DataKey", "PendingWindowInDays", 7)),
    ("1", statement("DataKey", "AccountDecides", Principal=ANYBODY)),
    ("1", statement("DataKey", "AlarmsOfThisAccount", Condition=None)),
    ("2", resource("Table", "DeletionPolicy", "Delete")),
    ("2", resource("Bucket", "UpdateReplacePolicy", GONE)),
    ("2", properties("Table", "PointInTimeRecoverySpecification", GONE)),
    ("2", properties("Table", "DeletionProtectionEnabled", False)),
    ("2", properties("Table", "SSESpecification", {"SSEEnabled": True})),
    ("2", properties("Table", "TimeToLiveSpecification", "AttributeName", "created_at")),
    ("3", properties("Bucket", "PublicAccessBlockConfiguration", "RestrictPublicBuckets", False)),
    ("3", properties("Bucket", "OwnershipControls", GONE)),
    ("3", properties("AccessLogs", "BucketEncryption", GONE)),
    ("3", properties("Bucket", "BucketEncryption", "ServerSideEncryptionConfiguration", [])),
    ("3", properties("Bucket", "VersioningConfiguration", {"Status": "Suspended"})),
    ("3", properties("Bucket", "LoggingConfiguration", GONE)),
    ("3", without("BucketRules", "OnlyTls")),
    ("3", statement("AccessLogsRules", "LogsOfTheBucket", Principal=OPEN)),
    ("3 files", properties("Bucket", "LifecycleConfiguration", "Rules", [])),
    ("3 files", properties("Bucket", "LifecycleConfiguration", "Rules", 0, "ExpirationInDays", 365)),
    ("3 files", properties("Bucket", "LifecycleConfiguration", "Rules", 1, "ExpirationInDays", 365)),
    ("3 files", properties("Bucket", "ObjectLockEnabled", False)),
    ("3 files", without("BucketRules", "OldLink")),
    ("3 files", statement("BucketRules", "OldUpload", Condition={"NumericGreaterThan": {"s3:signatureAge": "3600000"}})),
    ("3 files", without("BucketRules", "OnlyNewKeys")),
    ("3 files", without("BucketRules", "OnlyThisKey")),
    ("4", properties("LoginLog", "RetentionInDays", GONE)),
    ("4", properties("ApiLog", "KmsKeyId", GONE)),
    ("4", properties("Seal", "LoggingConfig", {"LogFormat": "JSON"})),
    ("5", properties("Seal", "Role", {"Fn::GetAtt": ["MailerRole", "Arn"]})),
    ("5", statement("SealRights", "ReadFiles", Action="s3:*")),
    ("5", statement("LoginRights", "Read", Condition={})),
    ("5", statement("MembersRights", "Write", Action=["dynamodb:PutItem", "dynamodb:UpdateItem"])),
    ("5", statement("MembersRights", "Read", Action=["dynamodb:Scan"])),
    ("5", statement("SealRights", "WriteFiles", Action=["s3:PutObject", "s3:DeleteObject"])),
    ("6", properties("Login", "ReservedConcurrentExecutions", GONE)),
    ("6", added("Other", "AWS::Lambda::Function", Role={"Fn::GetAtt": ["OtherRole", "Arn"]})),
    ("7", resource("SealEventInvokeConfig", "Properties", "DestinationConfig", GONE)),
    ("7", properties("MailerOutbox", "MaximumRecordAgeInSeconds", GONE)),
    ("7", properties("SealReadyPacket", "FunctionResponseTypes", [])),
    ("7", properties("IntakeDeadLetters", "KmsMasterKeyId", GONE)),
    ("7", properties("IntakeDeadLetters", "MessageRetentionPeriod", 60)),
    ("7", statement("DeadLettersOnlyTls", "OnlyTls", Resource=[])),
    ("7", properties("Operators", "KmsMasterKeyId", GONE)),
    ("8", lambda world: api_stage(world)["AccessLogSettings"].update(Format="$context.requestId $context.routeKey")),
    ("8", lambda world: api_stage(world)["AccessLogSettings"].update(
        Format="$context.requestId $context.routeKey $context.status $context.identity.sourceIp")),
    ("8", lambda world: api_stage(world)["RouteSettings"].pop("POST /login/recover")),
    ("8", lambda world: api_stage(world)["RouteSettings"].update({"POST /logout": {}})),
    ("8", properties("Api", "CorsConfiguration", {"AllowOrigins": ["*"]})),
    ("8", properties("IntakeUploadPermission", "SourceAccount", GONE)),
    ("9", properties("StackSecret", "SecretString", "hunter2")),
    ("9", properties("StackSecret", "KmsKeyId", GONE)),
    ("9", properties("Login", "Environment", "Variables", "STACK_SECRET", "hunter2")),
    ("9", properties("Seal", "KmsKeyArn", GONE)),
    ("9", put("Parameters", "StackPassword", {"Type": "String"})),
    ("9", added("Another", "AWS::SecretsManager::Secret", KmsKeyId={"Fn::GetAtt": ["DataKey", "Arn"]})),
    ("10", properties("MailSet", "DeliveryOptions", {"TlsPolicy": "OPTIONAL"})),
    ("10", properties("MailEvents", "EventDestination", "MatchingEventTypes", ["bounce"])),
    ("10", statement("MailerRights", "SendMail", Condition={})),
    ("10", properties("Mailer", "Environment", "Variables", "CONFIGURATION_SET", GONE)),
    ("11", put("Guide", "Nothing to do.")),
    ("12", properties("ServerErrorsAlarm", "AlarmActions", [])),
    ("12", properties("ServerErrorsAlarm", "AlarmDescription", "something is wrong")),
    ("12", put("Runbook", "# Nothing\n")),
    ("12", resource("UnsentMailAlarm", GONE)),
    ("12", resource("RemindersDeadLettersAlarm", GONE)),
    ("12", resource("Dashboard", GONE)),
    ("13", properties("Vault", "EncryptionKeyArn", GONE)),
    ("13", added("OtherTable", "AWS::DynamoDB::Table")),
    ("14", put("Config", {"prod": {"deploy": {"parameters": {"tags": "environment=prod"}}}})),
    ("15", put("Parameters", "AgeOfMajority", GONE)),
    ("15", put("Parameters", "Sender", {"Type": "String"})),
    ("15", properties("Mailer", "Environment", "Variables", "BASE_URL", GONE)),
    ("16", added("Admin", "AWS::IAM::User")),
    ("16", put("Parameters", "TokenKeyArn", "Default", "arn:aws:kms:us-east-1:000000000000:key/1")),
    ("16", put("Outputs", "Secret", {"Value": {"Ref": "StackSecret"}})),
    ("17", properties("Portal", "Runtime", "nodejs18.x")),
    ("17", properties("Portal", "TracingConfig", GONE)),
    ("17", properties("Portal", "Timeout", 60)),
    ("20", added("Search", "AWS::OpenSearchService::Domain")),
]


def api_stage(world):
    (stage,) = reviewer.of(world, "AWS::ApiGatewayV2::Stage").values()
    return stage


def survivors(worlds):
    """Mutations that no check notices, and checks that no mutation proves."""
    full = worlds["everything on"]
    proven = set()
    for number, (check, change) in enumerate(TABLE):
        (name,) = [one for one in reviewer.CHECKS if one == check or one.startswith((f"{check} ", f"{check}:"))
                   ][:1] or [None]
        before = set(reviewer.CHECKS[name](full))
        world = copy.deepcopy(full)
        change(world)
        if set(reviewer.CHECKS[name](world)) <= before:
            yield f"mutation {number} of check {name!r} is not noticed"
        proven.add(name)
    for name in set(reviewer.CHECKS) - proven:
        yield f"no mutation proves the check {name!r}"
