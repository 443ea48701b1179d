"""Checks the template after SAM's transformation, where the linter sees too little.

Beside what a reviewer asks for (reviewer.py, each check proven able to fail by
mutations.py):

* No resource needs itself to exist first (the API knows its functions, the bucket
  knows intake: `sam validate` does not notice a circle through them).
* Every right names its actions and its resources.
* Every function has a role, a log group that is kept for a stated time, and a
  time limit below the API's when the API calls it.
* Every function that counts ages has the whole rule: without AGE_OF_MAJORITY it
  would take 18 where the clinic says otherwise.
"""

import copy
import graphlib
import json
import re
import sys

import mutations
import review_data  # noqa: F401, registers its checks
import review_runs  # noqa: F401
import reviewer
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse
from boto3.session import Session

API_LIMIT = 10


# Values for everything that a clinic may turn on; what has none here takes its default.
EVERYTHING = {
    "LoginConcurrency": "20",
    "MailerConcurrency": "5",
    "OperatorEmail": "operators@clinic.example",
    "BackupRetentionDays": "2190",
    "BaseUrl": "https://portal.clinic.example",
}

# What cannot be told as the rules below ask, and why.
EXCEPTIONS = {
    "TraceRights.Trace: names no action or no resource": "X-Ray knows no resources; both actions only add traces",
    "BackupRole: takes rights from a policy that is not in this template":
        "AWS keeps this policy for AWS Backup, and only that service can take the role",
}


def transformed(path, given=None):
    """The template as CloudFormation gets it, conditions and parameters filled in."""
    with open(path, encoding="utf-8") as file:
        template = yaml_parse(file.read())
    # What `sam package` would fill in.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    values = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()} | (given or {})
    translator = Translator({}, Parser(), boto_session=Session(region_name="us-east-1"))
    whole = translator.translate(copy.deepcopy(template), values)
    whole["Parameters"] = template["Parameters"]
    whole["Resources"] = chosen(whole["Resources"], template["Conditions"], values)
    return whole


def chosen(resources, conditions, values):
    """Resources that exist under these values, with every choice made."""

    def holds(condition):
        ((name, argument),) = condition.items()
        match name:
            case "Condition":
                return holds(conditions[argument])
            case "Fn::Not":
                return not holds(argument[0])
            case "Fn::And":
                return all(holds(one) for one in argument)
            case "Fn::Or":
                return any(holds(one) for one in argument)
            case "Fn::Equals":
                left, right = (values[one["Ref"]] if isinstance(one, dict) else str(one) for one in argument)
                return left == right
        raise ValueError(f"the condition function {name}")

    gone = object()

    def walk(value):
        if isinstance(value, list):
            return [item for item in map(walk, value) if item is not gone]
        if not isinstance(value, dict):
            return value
        if list(value) == ["Fn::If"]:
            condition, then, otherwise = value["Fn::If"]
            return walk(then if holds(conditions[condition]) else otherwise)
        if value == {"Ref": "AWS::NoValue"}:
            return gone
        pairs = ((key, walk(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not gone}

    exist = {name: one for name, one in resources.items() if "Condition" not in one or holds(conditions[one["Condition"]])}
    return {name: walk({key: part for key, part in one.items() if key != "Condition"}) for name, one in exist.items()}


def references(value):
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "Ref":
            yield item
        elif key == "Fn::GetAtt":
            yield item[0] if isinstance(item, list) else item.split(".")[0]
        elif key == "Fn::Sub":
            text, extra = item if isinstance(item, list) else (item, {})
            yield from re.findall(r"\$\{(\w+)", text)
            yield from references(extra)
        else:
            yield from references(item)


def circles(resources):
    graph = {}
    for name, resource in resources.items():
        first = resource.get("DependsOn", [])
        needs = {first} if isinstance(first, str) else set(first)
        graph[name] = (needs | set(references(resource.get("Properties", {})))) & set(resources)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield "needs itself: " + " > ".join(error.args[1])


def wildcards(resources):
    for name, resource in resources.items():
        if resource["Type"] not in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"):
            continue
        properties = resource["Properties"]
        for policy in [properties.get("PolicyDocument")] + properties.get("Policies", []):
            for statement in (policy or {}).get("Statement", []):
                if statement["Effect"] == "Deny":
                    continue
                texts = json.dumps([statement["Action"], statement["Resource"]])
                if '"*"' in texts or re.search(r'"\w+:[^"]*\*"', json.dumps(statement["Action"])):
                    yield f"{name}.{statement.get('Sid')}: names no action or no resource"
        if properties.get("Policies"):
            yield f"{name}: has an inline policy"
        for policy in properties.get("ManagedPolicyArns", []):
            if not isinstance(policy, dict) or "Ref" not in policy:
                yield f"{name}: takes rights from a policy that is not in this template"


def functions(resources):
    called = {
        one["Properties"]["FunctionName"]["Ref"]
        for one in resources.values()
        if one["Type"] == "AWS::Lambda::Permission" and one["Properties"]["Principal"] == "apigateway.amazonaws.com"
    }
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Lambda::Function":
            continue
        properties = resource["Properties"]
        log = resources.get(properties.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref"), {})
        if not {"RetentionInDays", "KmsKeyId"} <= set(log.get("Properties", {})):
            yield f"{name}: its log group has no key or is kept for ever"
        if name in called and properties["Timeout"] > API_LIMIT:
            yield f"{name}: may run longer than {API_LIMIT} s behind the API"
        if properties["Role"] != {"Fn::GetAtt": [f"{name}Role", "Arn"]}:
            yield f"{name}: has no role of its own"
        variables = properties.get("Environment", {}).get("Variables", {})
        if "CLINIC_TIME_ZONE" in variables and "AGE_OF_MAJORITY" not in variables:
            yield f"{name}: has CLINIC_TIME_ZONE but no AGE_OF_MAJORITY"


def main():
    worlds = {"defaults": transformed("template.yaml"), "everything on": transformed("template.yaml", EVERYTHING)}
    if len(sys.argv) > 1:
        # For the rules of others, which cannot follow conditions and parameters.
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            json.dump({"Parameters": {}, "Resources": plain(worlds["everything on"])}, file)
        return 0
    findings, used = [], set()
    for name, world in worlds.items():
        resources = world["Resources"]
        for finding in [*circles(resources), *wildcards(resources), *functions(resources)]:
            used.add(finding)
            if finding not in EXCEPTIONS:
                findings.append(f"{name}: {finding}")
    findings += [f"no longer needed, the exception for {one}" for one in sorted(set(EXCEPTIONS) - used)]
    findings += reviewer.findings(worlds)
    findings += mutations.survivors(worlds)
    for finding in findings:
        print(finding)
    counts = ", ".join(f"{len(world['Resources'])} resources with {name}" for name, world in worlds.items())
    print(f"{counts}; {len(reviewer.CHECKS)} checks of a reviewer, {len(mutations.TABLE)} mutations; {len(findings)} findings")
    return 1 if findings else 0


def plain(world):
    """Parameters replaced by something of their kind: the rules of others look at values, not at references to nothing."""
    def walk(value):
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            if list(value) == ["Ref"] and value["Ref"] in world["Parameters"]:
                name = value["Ref"]
                given = EVERYTHING.get(name, str(world["Parameters"][name].get("Default", name)))
                return int(given) if given.isdigit() else given
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, str):
            return re.sub(r"\$\{(\w+)\}", lambda found: found[1] if found[1] in world["Parameters"] else found[0], value)
        return value

    return walk(world["Resources"])


if __name__ == "__main__":
    sys.exit(main())
