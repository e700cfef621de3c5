"""Runs commands of the AWS CLI, each in a fork of a process that has its modules loaded."""

import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback

import awscli
import awscli.clidriver
import awscli.handlers
import botocore.client
import botocore.httpsession
import s3transfer.manager


def run(call):
    """Runs the command that a connection asks for; what it prints and its exit code are the answer."""
    request = json.loads(call.makefile().readline())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(call.fileno(), 1)
    os.dup2(call.fileno(), 2)
    os.environ.update(one.split("=", 1) for one in request["Environment"])
    os.chdir(request["Folder"] or ".")
    sys.argv = ["aws", *request["Arguments"]]
    try:
        code = awscli.clidriver.main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    call.sendall(b"\nexit %d" % (code or 0))


def serve(door):
    """Answers connections until the other end of the standard input is closed."""
    while True:
        ready, _, _ = select.select([door, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        call, _ = door.accept()
        if os.fork() == 0:
            try:
                run(call)
            except BaseException:
                call.sendall(traceback.format_exc().encode())
            finally:
                os._exit(0)
        call.close()


with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door.bind(os.path.join(folder, "door"))
    door.listen(64)
    print(awscli.__version__, door.getsockname(), flush=True)
    serve(door)
