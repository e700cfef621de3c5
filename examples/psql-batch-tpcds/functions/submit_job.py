"""Submits a job to AWS Batch: the event is the request, {"jobName", "jobDefinition", "jobQueue", "containerOverrides"}."""

import batch


def handler(event, context):
    job = batch.submit_job(event)
    print("submitted", job["jobName"], job["jobId"])
    return {"jobName": job["jobName"], "jobId": job["jobId"]}
