// AWS's own reading of HIPAA for templates: the pack "HIPAA Security" of cdk-nag (cdklabs, Apache-2.0), which asks what the AWS
// Config rules of the conformance pack ask. It cannot follow conditions and parameters, so it gets the template as
// `template.py FILE` writes it, with everything on. The packages lie outside the repository: node .ci/hipaa.mjs FILE PACKAGES
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"

const [file, packages] = process.argv.slice(2)
const require = createRequire(join(packages, "package.json"))
const { App, Stack } = require("aws-cdk-lib")
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include")
const { HIPAASecurityChecks } = require("cdk-nag")

const behindTheApi = ["Documents", "Invitations", "Login", "Members", "Portal", "Signatures"]
const byThemselves = ["Intake", "Mailer", "Reminders", "Seal"]
const each = (rule, names, reason) => names.map((name) => [`${rule} ${name}`, reason])
const exceptions = new Map([
  ...each("LambdaInsideVPC", [...behindTheApi, ...byThemselves], "nothing of the stack has an address inside a network"),
  ...each("LambdaDLQ", behindTheApi, "only the API calls it and waits for the answer: there is no event to keep"),
  ...each("LambdaDLQ", byThemselves, "failures go to a queue as an OnFailure destination, which tells more than the older setting"),
  ...each("LambdaConcurrency", [...behindTheApi, ...byThemselves].filter((name) => !["Login", "Mailer"].includes(name)),
    "reserving takes from the runs that all functions share, which small accounts have ten of"),
  ...each("SecretsManagerRotationEnabled", ["StackSecret"], "mailboxes are found by a hash under it: with another value nobody could sign in"),
  ...each("S3BucketReplicationEnabled", ["Bucket", "AccessLogs"], "records never leave their region"),
  ...each("S3DefaultEncryptionKMS", ["AccessLogs"], "S3 delivers access logs to buckets under its own key only"),
])

function findings(template) {
  const path = join(tmpdir(), `hearth-${process.pid}.json`)
  writeFileSync(path, JSON.stringify(template))
  const app = new App({ analyticsReporting: false, outdir: join(tmpdir(), `hearth-${process.pid}`) })
  new CfnInclude(new Stack(app, "hearth"), "template", { templateFile: path })
  const found = new Set()
  for (const { ruleName, violatingResources = [], violatingConstructs = [] } of new HIPAASecurityChecks(app).validateScope(app).violations) {
    for (const one of [...violatingResources, ...violatingConstructs]) {
      found.add(`${ruleName.replace("HIPAA.Security-", "")} ${(one.resourceLogicalId ?? one.constructPath).split("/").pop()}`)
    }
  }
  return found
}

const template = JSON.parse(readFileSync(file, "utf8"))
const found = findings(template)
const wrong = [...found].filter((one) => !exceptions.has(one)).map((one) => `not as HIPAA wants it: ${one}`)
wrong.push(...[...exceptions.keys()].filter((one) => !found.has(one)).map((one) => `no longer needed, the exception for ${one}`))

// The rules see what they should: each of these breaks one.
const resources = template.Resources
delete resources.Table.Properties.PointInTimeRecoverySpecification
delete resources.Bucket.Properties.VersioningConfiguration
delete resources.Bucket.Properties.PublicAccessBlockConfiguration
delete resources.Operators.Properties.KmsMasterKeyId
delete resources.LoginLog.Properties.KmsKeyId
delete resources.SealLog.Properties.RetentionInDays
delete resources.StackSecret.Properties.KmsKeyId
delete resources.ServerErrorsAlarm.Properties.AlarmActions
delete resources.ServerErrorsAlarm.Properties.OKActions
delete resources.BackupSelection
resources.BucketRules.Properties.PolicyDocument.Statement.shift()
const broken = findings(template)
for (const rule of ["DynamoDBPITREnabled Table", "S3BucketVersioningEnabled Bucket", "S3BucketPublicReadProhibited Bucket",
  "SNSEncryptedKMS Operators", "CloudWatchLogGroupEncrypted LoginLog", "CloudWatchLogGroupRetentionPeriod SealLog",
  "SecretsManagerUsingKMSKey StackSecret", "CloudWatchAlarmAction ServerErrorsAlarm", "DynamoDBInBackupPlan Table",
  "S3BucketSSLRequestsOnly Bucket"]) {
  if (!broken.has(rule)) wrong.push(`the rules did not notice ${rule}`)
}

for (const one of wrong) console.log(one)
console.log(`${found.size} findings, each with its reason; ${broken.size - found.size} more in a template that was broken on purpose; ${wrong.length} wrong`)
process.exit(wrong.length ? 1 : 0)
