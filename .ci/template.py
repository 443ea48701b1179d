"""Checks the template after SAM's transformation, where the linter sees too little.

* No resource needs itself to exist first (the API knows its functions, the bucket
  knows intake: `sam validate` does not notice a circle through them).
* Every right names its actions and its resources.
* Every function has a role, a log group that is kept for a stated time, and a
  time limit below the API's when the API calls it.
* Every function that counts ages has the whole rule: without AGE_OF_MAJORITY it
  would take 18 where the clinic says otherwise.
"""

import graphlib
import json
import re
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse
from boto3.session import Session

API_LIMIT = 10


def transformed(path):
    with open(path, encoding="utf-8") as file:
        template = yaml_parse(file.read())
    # What `sam package` would fill in.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    values = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    translator = Translator({}, Parser(), boto_session=Session(region_name="us-east-1"))
    return translator.translate(template, values)["Resources"]


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
    resources = transformed("template.yaml")
    findings = [*circles(resources), *wildcards(resources), *functions(resources)]
    for finding in findings:
        print(finding)
    print(f"{len(resources)} resources, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
