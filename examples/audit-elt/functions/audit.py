"""The audit table: one item a job, Ready or Running. A run claims the job before it works and releases it when all went well."""

import datetime
import os

import aws

dynamodb = aws.client("dynamodb")
TABLE = os.environ["AUDIT_TABLE"]


class JobIsRunning(Exception):
    """Another run has the job."""


def read_job(event, context):
    """Returns the job as the table has it. A job that never ran is Ready."""
    answer = dynamodb.get_item(TableName=TABLE, Key=key(event), ConsistentRead=True)
    return plain({"JobState": {"S": "Ready"}, **key(event), **answer.get("Item", {})})


def claim_job(event, context):
    """Sets the job Running, for one run only: the table itself checks that it is Ready. The run that has it may claim it again."""
    try:
        answer = dynamodb.update_item(
            TableName=TABLE,
            Key=key(event),
            UpdateExpression="SET JobState = :running, JobStart = :now, JobRun = :run REMOVE JobEnd",
            ConditionExpression="attribute_not_exists(JobState) OR JobState = :ready OR JobRun = :run",
            ExpressionAttributeValues={
                ":running": {"S": "Running"},
                ":ready": {"S": "Ready"},
                ":now": {"S": now()},
                ":run": {"S": event["JobRun"]},
            },
            ReturnValues="ALL_NEW",
        )
    except aws.ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise JobIsRunning(f"another run has job {event['JobID']}") from None
        raise
    return plain(answer["Attributes"])


def release_job(event, context):
    """Sets the job Ready again."""
    answer = dynamodb.update_item(
        TableName=TABLE,
        Key=key(event),
        UpdateExpression="SET JobState = :ready, JobEnd = :now",
        ExpressionAttributeValues={":ready": {"S": "Ready"}, ":now": {"S": now()}},
        ReturnValues="ALL_NEW",
    )
    return plain(answer["Attributes"])


def key(event):
    return {"JobID": {"N": str(event["JobID"])}}


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


def plain(item):
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}
