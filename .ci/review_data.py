"""A reviewer's points about what is kept: keys, records, files, secrets, and what a clinic decides."""

import re
import tomllib
from pathlib import Path

from reviewer import check, functions, of, says, statements

HERE = Path(__file__).resolve().parent.parent

# Services that may hold or carry health data under AWS's business associate addendum: "HIPAA Eligible Services Reference",
# https://aws.amazon.com/compliance/hipaa-eligible-services-reference/, to be compared at each release; last compared from
# secondary copies of that list on 2026-11-22, as the page itself could not be reached from where this was written.
ELIGIBLE = {
    "ApiGatewayV2", "Backup", "CloudFront", "CloudWatch", "DynamoDB", "Events", "KMS", "Lambda", "Logs", "S3", "SES", "SNS",
    "SQS", "SecretsManager",
    # Not on the list, as it never sees health data: who may do what.
    "IAM",
}


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


@check("20 only services that may hold health data")
def services(world):
    for name, one in world["Resources"].items():
        if one["Type"].split("::")[1] not in ELIGIBLE:
            yield f"{name} is of {one['Type']}, which is not on AWS's list"
