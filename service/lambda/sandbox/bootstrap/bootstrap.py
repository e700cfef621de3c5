"""Runs a Python handler: it asks the Runtime API for events and answers them, as AWS's own bootstrap does."""

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback


class Api:
    """One kept connection to the Runtime API. The standard library's clients would double the cold start."""

    def __init__(self, place):
        host, _, path = place.partition("/")
        name, _, port = host.rpartition(":")
        self.host = host
        self.prefix = "/" + path + "/2018-06-01/runtime/"
        self.connection = socket.create_connection((name, int(port)))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.set_inheritable(False)
        self.stream = self.connection.makefile("rb")

    def call(self, method, path, body=b"", headers=()):
        lines = [method + " " + self.prefix + path + " HTTP/1.1", "Host: " + self.host, "Content-Length: %d" % len(body)]
        lines += [name + ": " + text for name, text in headers]
        self.connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return self.answer()

    def answer(self):
        if not self.stream.readline():
            os._exit(0)  # the host has gone
        headers = {}
        while True:
            line = self.stream.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, text = line.partition(":")
            headers[name.lower()] = text.strip()
        return headers, self.stream.read(int(headers.get("content-length", 0)))


class Identity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    def __init__(self, about):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, about.get(name))


class ClientContext:
    def __init__(self, sent):
        self.client = Client(sent.get("client") or {})
        self.custom = sent.get("custom")
        self.env = sent.get("env")


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.deadline = int(headers.get("lambda-runtime-deadline-ms", 0))
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Identity()
        sent = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(sent)) if sent else None

    def get_remaining_time_in_millis(self):
        return max(0, self.deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Formatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record):
        record.aws_request_id = current
        return super().format(record)


current = ""  # the request under way


def set_up_logging():
    out = logging.StreamHandler(sys.stdout)
    out.setFormatter(Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"))
    logging.getLogger().addHandler(out)


def described(kind, message, stack=(), request=""):
    return {"errorMessage": message, "errorType": kind, "requestId": request, "stackTrace": list(stack)}


class Unusable(Exception):
    """There is no handler: kind and message say why."""

    def __init__(self, kind, message, stack=()):
        super().__init__(message)
        self.kind, self.stack = kind, stack


def load(name):
    module, _, function = name.rpartition(".")
    if not module:
        raise Unusable("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
    module = module.replace("/", ".")
    try:
        loaded = importlib.import_module(module)
    except ImportError as e:
        raise Unusable("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module, e))
    except SyntaxError as e:
        where = '  File "%s" Line %s\n    %s' % (e.filename, e.lineno, (e.text or "").strip())
        raise Unusable("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module, e), [where])
    except Exception as e:
        raise Unusable(type(e).__name__, str(e), frames(e))
    if not callable(getattr(loaded, function, None)):
        raise Unusable("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, module))
    return getattr(loaded, function)


def frames(e):
    """The stack without what is this file's and the import system's."""
    stack = [f for f in traceback.extract_tb(e.__traceback__) if f.filename != __file__ and "importlib" not in f.filename]
    return traceback.format_list(stack)


def report(error):
    lines = "".join(error["stackTrace"]).rstrip("\n")
    print("[ERROR] %s: %s%s" % (error["errorType"], error["errorMessage"], "\nTraceback (most recent call last):\n" + lines if lines else ""))


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (ValueError, OSError, AttributeError):
            pass  # the handler has closed it


def fail(api, path, error):
    try:
        report(error)
    except (ValueError, OSError):
        pass
    flush()
    api.call("POST", path, json.dumps(error).encode(), [("Lambda-Runtime-Function-Error-Type", error["errorType"].replace("\n", " "))])


def answer(handler, event, context):
    """Returns the answer's bytes, or None and the error."""
    request = context.aws_request_id
    try:
        event = json.loads(event)
    except ValueError as e:
        return None, described("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % e, request=request)
    try:
        result = handler(event, context)
    except Exception as e:
        return None, described(type(e).__name__, str(e), frames(e), request)
    try:
        return json.dumps(result, ensure_ascii=False).encode(), None
    except (TypeError, ValueError, RecursionError, UnicodeEncodeError) as e:
        return None, described("Runtime.MarshalError", "Unable to marshal response: %s" % e, request=request)


def serve(api, handler):
    global current
    while True:
        headers, event = api.call("GET", "invocation/next")
        context = Context(headers)
        current = context.aws_request_id
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        result, error = answer(handler, event, context)
        path = "invocation/" + current
        if error:
            fail(api, path + "/error", error)
            continue
        flush()
        api.call("POST", path + "/response", result)


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.path.append(os.path.dirname(__file__))  # cfnresponse
    set_up_logging()
    try:
        handler = load(os.environ["_HANDLER"])
    except Unusable as e:
        fail(api, "init/error", described(e.kind, str(e), e.stack))
        sys.exit(1)
    serve(api, handler)


main()
