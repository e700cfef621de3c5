// Calls AWS's SDK for JavaScript version 3 and prints one line of JSON for each answer. The modules are in the folder that
// STEPWELL_NODE_MODULES names.
const { createRequire } = require("node:module");
const path = require("node:path");
const load = createRequire(path.join(process.env.STEPWELL_NODE_MODULES, "package.json"));

const options = {
  endpoint: process.env.AWS_ENDPOINT_URL,
  region: process.env.AWS_REGION,
  maxAttempts: 1,
  forcePathStyle: true,
  disableHostPrefix: true,
};
const account = "us-east-1:123456789012";

function client(module, name) {
  const loaded = load("@aws-sdk/" + module);
  const made = new loaded[name](options);
  return async (command, params, quiet) => {
    let out;
    try {
      out = await made.send(new loaded[command + "Command"](params));
      if (out.Body) out.Body = await out.Body.transformToString();
      delete out.$metadata;
    } catch (error) {
      if (!error.$metadata?.httpStatusCode) throw error;
      out = { error: error.name, message: error.message, status: error.$metadata.httpStatusCode };
    }
    if (!quiet) console.log(command + " " + JSON.stringify(out));
    return out;
  };
}

async function main() {
  const sfn = client("client-sfn", "SFNClient");
  const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Result: { ok: true }, End: true } } });
  const made = await sfn("CreateStateMachine", { name: "javascript", definition, roleArn: "arn:aws:iam::123456789012:role/etl" });
  const started = await sfn("StartExecution", { stateMachineArn: made.stateMachineArn, name: "one", input: '{"n": 1}' });
  let described = { status: "RUNNING" };
  while (described.status === "RUNNING") described = await sfn("DescribeExecution", started, true);
  console.log("ended " + described.status + " " + described.output);
  await sfn("GetExecutionHistory", { executionArn: started.executionArn, maxResults: 1 });
  await sfn("DescribeStateMachine", { stateMachineArn: "arn:aws:states:" + account + ":stateMachine:none" });
  await sfn("DeleteStateMachine", { stateMachineArn: made.stateMachineArn });

  const s3 = client("client-s3", "S3Client");
  await s3("CreateBucket", { Bucket: "javascript" });
  await s3("PutObject", { Bucket: "javascript", Key: "a/b c.csv", Body: "1,2\n", ContentType: "text/csv", Metadata: { loaded: "no" } });
  await s3("GetObject", { Bucket: "javascript", Key: "a/b c.csv" });
  const { S3Client, GetObjectCommand } = load("@aws-sdk/client-s3");
  const { getSignedUrl } = load("@aws-sdk/s3-request-presigner");
  const url = await getSignedUrl(new S3Client(options), new GetObjectCommand({ Bucket: "javascript", Key: "a/b c.csv" }));
  console.log("presigned " + JSON.stringify(await (await fetch(url)).text()));
  await s3("ListObjectsV2", { Bucket: "javascript" });
  await s3("PutObjectTagging", { Bucket: "javascript", Key: "a/b c.csv", Tagging: { TagSet: [{ Key: "k", Value: "v" }] } });
  await s3("GetObjectTagging", { Bucket: "javascript", Key: "a/b c.csv" });
  await s3("GetObject", { Bucket: "javascript", Key: "none" });
  await s3("DeleteObjects", { Bucket: "javascript", Delete: { Objects: [{ Key: "a/b c.csv" }] } });
  await s3("DeleteBucket", { Bucket: "javascript" });
  await s3("HeadBucket", { Bucket: "javascript" });

  const data = client("client-redshift-data", "RedshiftDataClient");
  const target = { WorkgroupName: "etl", Database: "dev" };
  const statement = await data("ExecuteStatement", { ...target, Sql: "select 1 as one, 'a' as t, null as n" });
  let status = {};
  while (!["FINISHED", "FAILED"].includes(status.Status)) status = await data("DescribeStatement", { Id: statement.Id }, true);
  await data("GetStatementResult", { Id: statement.Id });
  await data("DescribeStatement", { Id: "00000000-0000-0000-0000-000000000000" });

  await client("client-sts", "STSClient")("GetCallerIdentity", {});
  const secrets = client("client-secrets-manager", "SecretsManagerClient");
  await secrets("CreateSecret", { Name: "javascript", SecretString: "s" });
  await secrets("GetSecretValue", { SecretId: "javascript" });
  const ssm = client("client-ssm", "SSMClient");
  await ssm("PutParameter", { Name: "/javascript", Value: "v", Type: "String" });
  await ssm("GetParameter", { Name: "/javascript" });
  await ssm("GetParameter", { Name: "/javascript/none" });
  const logs = client("client-cloudwatch-logs", "CloudWatchLogsClient");
  await logs("CreateLogGroup", { logGroupName: "/javascript" });
  await logs("DescribeLogGroups", { logGroupNamePrefix: "/javascript" });
  await client("client-sns", "SNSClient")("Publish", { TopicArn: "arn:aws:sns:" + account + ":alerts", Message: "x" });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
