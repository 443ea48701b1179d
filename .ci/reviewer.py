"""What somebody who reviews the template for HIPAA asks for, as checks of the transformed template.

The numbers are points of the review; the letters in brackets name the AWS Config rules of the conformance pack "Operational
Best Practices for HIPAA Security" that a check covers, as far as they concern resources that the stack has. A rule that the
stack does not follow stands in EXCEPTIONS with its reason, and an exception that nothing needs any more is a finding. The checks
themselves stand in review_data.py (what is kept) and review_runs.py (what runs).
"""

import json

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
