"""SQL through the Redshift Data API: a statement is submitted, and asked for until it has ended."""

import os
import pathlib
import time

import aws

redshift = aws.client("redshift-data")
CONNECTION = {
    "ClusterIdentifier": os.environ["CLUSTER"],
    "Database": os.environ["DATABASE"],
    "DbUser": os.environ["DB_USER"],
}
SCRIPTS = pathlib.Path(__file__).parent / "sql"


class StatementFailed(Exception):
    """The warehouse refused a statement; the message says why."""


def run_script(event, context):
    """Runs a script of the folder sql in one transaction. ${SOURCE} and ${IAM_ROLE} in it are the function's variables."""
    sql = (SCRIPTS / event["Script"]).read_text()
    for name in ("SOURCE", "IAM_ROLE"):
        sql = sql.replace("${" + name + "}", os.environ[name])
    finished(event["Script"], redshift.batch_execute_statement(Sqls=[sql], **CONNECTION))
    return event


def call_procedure(event, context):
    """Calls a procedure of the schema public that has no parameters."""
    sql = f"call public.{event['Procedure']}()"
    finished(sql, redshift.execute_statement(Sql=sql, **CONNECTION))
    return event


def count_rows(event, context):
    """Returns how many rows each of the tables has."""
    sql = " union all ".join(f"select '{table}', count(*) from public.{table}" for table in event["Tables"])
    statement = finished("count", redshift.execute_statement(Sql=sql, **CONNECTION))
    records = redshift.get_statement_result(Id=statement["Id"])["Records"]
    return {table["stringValue"]: count["longValue"] for table, count in records}


def finished(what, submitted):
    """Waits for the end of a statement and returns its description."""
    pause = 0.02
    while True:
        statement = redshift.describe_statement(Id=submitted["Id"])
        if statement["Status"] == "FINISHED":
            return statement
        if statement["Status"] in ("FAILED", "ABORTED"):
            raise StatementFailed(f"{what}: {statement.get('Error', statement['Status'])}")
        time.sleep(pause)
        pause = min(pause * 1.5, 5)
