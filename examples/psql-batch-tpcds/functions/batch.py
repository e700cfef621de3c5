"""The two operations of AWS Batch that the functions need: by boto3, which AWS has, or by signed HTTP requests where it is missing."""

import datetime
import hashlib
import hmac
import json
import os
import urllib.parse
import urllib.request

try:
    import boto3
except ImportError:
    boto3 = None


def submit_job(request):
    if boto3:
        return boto3.client("batch").submit_job(**request)
    return _post("/v1/submitjob", request)


def describe_jobs(request):
    if boto3:
        return boto3.client("batch").describe_jobs(**request)
    return _post("/v1/describejobs", request)


def _post(path, request):
    region = os.environ["AWS_REGION"]
    url = os.environ.get("AWS_ENDPOINT_URL", "https://batch.%s.amazonaws.com" % region) + path
    body = json.dumps(request).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, _signed(url, path, body, region)), timeout=30) as answer:
        return json.load(answer)


def _signed(url, path, body, region):
    """The headers of a request with a signature of version 4."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": "application/json", "host": urllib.parse.urlsplit(url).netloc, "x-amz-date": now}
    if os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = os.environ["AWS_SESSION_TOKEN"]
    names = ";".join(sorted(headers))
    lines = "".join("%s:%s\n" % (name, headers[name]) for name in sorted(headers))
    canonical = "\n".join(["POST", path, "", lines, names, hashlib.sha256(body).hexdigest()])
    scope = [now[:8], region, "batch", "aws4_request"]
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in scope:
        key = _mac(key, part)
    signature = _mac(key, "\n".join(["AWS4-HMAC-SHA256", now, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()]))
    headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
        os.environ["AWS_ACCESS_KEY_ID"], "/".join(scope), names, signature.hex())
    return headers


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
