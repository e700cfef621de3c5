"""Calls boto3 for a test: a line of JSON in, a line of JSON out.

In: {"service": "sfn", "operation": "list_state_machines", "params": {...}}. The keys "$bytes" stand for bytes,
"$page" asks for all pages of a paginator. Out: {"answer": ...} or {"error": code, "message": text, "more": members}.
"""
import base64
import datetime
import json
import sys

import boto3
import botocore.exceptions
from botocore.config import Config

# A host prefix (sync-) leads to no server but AWS's own.
CONFIG = Config(retries={"max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"}, inject_host_prefix=False)
clients = {}


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if hasattr(value, "read"):
        return value.read().decode()
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def filled(value):
    if isinstance(value, dict):
        if set(value) == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {key: filled(member) for key, member in value.items()}
    if isinstance(value, list):
        return [filled(member) for member in value]
    return value


def call(request):
    name = request["service"]
    if name not in clients:
        clients[name] = boto3.client(name, config=CONFIG)
    client = clients[name]
    params = filled(request["params"])
    if request["operation"] == "generate_presigned_url":
        return client.generate_presigned_url(**params)
    if request["pages"]:
        return [plain(page) for page in client.get_paginator(request["operation"]).paginate(**params)]
    return plain(getattr(client, request["operation"])(**params))


for line in sys.stdin:
    try:
        out = {"answer": call(json.loads(line))}
    except botocore.exceptions.ClientError as error:
        more = {k: plain(v) for k, v in error.response.items() if k not in ("Error", "ResponseMetadata", "message")}
        more.update({k: v for k, v in error.response["Error"].items() if k not in ("Code", "Message", "Type")})
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        out = {"error": error.response["Error"]["Code"], "status": status, "message": error.response["Error"]["Message"], "more": more}
    except (botocore.exceptions.BotoCoreError, AttributeError) as error:
        out = {"error": type(error).__name__, "status": 0, "message": str(error), "more": {}}
    print(json.dumps(out, ensure_ascii=False, sort_keys=True), flush=True)
