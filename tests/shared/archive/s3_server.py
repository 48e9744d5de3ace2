"""A real S3 server on loopback, in a process of its own, that checks keys (moto's)."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from botocore.config import Config

from tests.hostile_site import closed_port

_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'


@dataclass(frozen=True)
class S3:
    """Where it is, and a key that may do everything."""

    endpoint: str
    key: str
    secret: str

    def settings(self, bucket: str = "s3://press/tearsheet") -> dict[str, object]:
        """For our own settings."""
        return {
            "archive_bucket": bucket,
            "archive_bucket_endpoint": self.endpoint,
            "archive_bucket_key": self.key,
            "archive_bucket_secret": self.secret,
        }

    def client(self):
        """Amazon's own client: it looks into the bucket without a line of ours."""
        return _client("s3", self.endpoint, self.key, self.secret)

    def files(self, bucket: str = "press") -> dict[str, int]:
        """Names and sizes of what is there."""
        listed = self.client().list_objects_v2(Bucket=bucket).get("Contents", [])
        return {each["Key"]: each["Size"] for each in listed}


@contextmanager
def s3_server(port: int | None = None) -> Iterator[S3]:
    """With a bucket `press`."""
    port = port or closed_port()
    endpoint = f"http://127.0.0.1:{port}"
    # So many requests are let through as they are: those that make the key.
    environment = os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "4"}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _await(port, process)
            iam = _client("iam", endpoint, "any", "any")
            iam.create_user(UserName="archive")
            iam.put_user_policy(UserName="archive", PolicyName="all", PolicyDocument=_POLICY)
            key = iam.create_access_key(UserName="archive")["AccessKey"]
            _client("s3", endpoint, "any", "any").create_bucket(Bucket="press")
            yield S3(endpoint, key["AccessKeyId"], key["SecretAccessKey"])
        finally:
            process.kill()


def _client(service: str, endpoint: str, key: str, secret: str):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
    )


def _await(port: int, process: subprocess.Popen) -> None:
    """Its start cannot be waited for but by asking."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            continue
        return
    raise RuntimeError(f"the S3 server ended with {process.returncode}")
