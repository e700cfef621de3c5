"""A client of DynamoDB and of the Redshift Data API that needs nothing but Python: JSON over HTTP, signed with Signature Version 4."""

import datetime
import hashlib
import hmac
import json
import os
import urllib.error
import urllib.parse
import urllib.request

# The name in endpoints and signatures, with the version of the protocol and the prefix of its operations.
SERVICES = {
    "dynamodb": ("1.0", "DynamoDB_20120810"),
    "redshift-data": ("1.1", "RedshiftData"),
}


class ClientError(Exception):
    """An answer that is an error; response["Error"] has its Code and Message."""

    def __init__(self, operation, code, message):
        super().__init__(f"{operation}: {code}: {message}")
        self.response = {"Error": {"Code": code, "Message": message}}


class client:
    """client("dynamodb").get_item(TableName=…) calls GetItem."""

    def __init__(self, service):
        self.service = service
        self.version, self.prefix = SERVICES[service]
        self.region = os.environ["AWS_REGION"]
        self.endpoint = os.environ.get("AWS_ENDPOINT_URL") or f"https://{service}.{self.region}.amazonaws.com"

    def __getattr__(self, name):
        operation = "".join(word.capitalize() for word in name.split("_"))
        return lambda **parameters: self.call(operation, parameters)

    def call(self, operation, parameters):
        body = json.dumps(parameters).encode()
        headers = self.signed({
            "content-type": f"application/x-amz-json-{self.version}",
            "host": urllib.parse.urlsplit(self.endpoint).netloc,
            "x-amz-target": f"{self.prefix}.{operation}",
        }, body)
        try:
            with urllib.request.urlopen(urllib.request.Request(self.endpoint + "/", body, headers)) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            error = json.loads(refused.read() or b"{}")
            code = error.get("__type", str(refused.code)).rpartition("#")[2]
            raise ClientError(operation, code, error.get("message") or error.get("Message", "")) from None

    def signed(self, headers, body):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {**headers, "x-amz-date": now}
        if os.environ.get("AWS_SESSION_TOKEN"):
            headers["x-amz-security-token"] = os.environ["AWS_SESSION_TOKEN"]
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
        scope = [now[:8], self.region, self.service, "aws4_request"]
        text = "\n".join(["AWS4-HMAC-SHA256", now, "/".join(scope), hashlib.sha256(request.encode()).hexdigest()])
        key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
        for part in scope + [text]:
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        credential = "/".join([os.environ["AWS_ACCESS_KEY_ID"], *scope])
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
        return headers
