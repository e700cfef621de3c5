"""Tells how far a job of AWS Batch is, and where its log is: the event is {"jobId"}."""

import batch


def handler(event, context):
    found = batch.describe_jobs({"jobs": [event["jobId"]]})["jobs"]
    if not found:
        raise LookupError("there is no job " + event["jobId"])
    job = found[0]
    return {
        "jobName": job["jobName"],
        "jobId": job["jobId"],
        "status": job["status"],
        "reason": job.get("statusReason", ""),
        "exitCode": job.get("container", {}).get("exitCode"),
        "log": job.get("container", {}).get("logStreamName", ""),
    }
