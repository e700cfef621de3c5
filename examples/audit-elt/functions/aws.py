"""Clients of AWS services: boto3's where Python has it, otherwise small ones that speak the services' JSON protocol.

Names, parameters and answers are the same either way, and so is what an error tells: error.response["Error"].
"""

try:
    from boto3 import client
    from botocore.exceptions import ClientError
except ImportError:
    from plain import ClientError, client

__all__ = ["ClientError", "client"]
