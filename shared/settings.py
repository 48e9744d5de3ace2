"""Every setting, once: environment `TEARSHEET_…` or `.env`. `docs/settings.md` documents each; a test compares."""

import re
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.web_keys import WebKey, read_keys

USER_AGENT = "Tearsheet/0.1 (+https://github.com/tearsheet/tearsheet)"

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """The settings of every process. A wrong value is one clear line at start (`load`)."""

    model_config = SettingsConfigDict(env_prefix="TEARSHEET_", env_file=".env", extra="ignore", frozen=True)

    redis_url: str = Field("", description="Ledger and broker; empty: an embedded Valkey under the data folder.")
    store: Literal["tantivy", "opensearch"] = Field("tantivy", description="Which store records go to.")
    opensearch_url: str = Field("http://127.0.0.1:9200", description="Where OpenSearch answers.")
    opensearch_prefix: str = Field("tearsheet", description="First part of the names of indices and aliases.")
    opensearch_ca: Path | None = Field(None, description="File of the CAs that OpenSearch's certificate is signed by.")
    opensearch_verify: bool = Field(True, description="Whether OpenSearch's certificate and its name are checked.")
    opensearch_user: str = Field("", description="User of OpenSearch; empty: none, or the URL's.")
    opensearch_password: SecretStr = Field(SecretStr(""), validate_default=True, description="The user's password.")
    opensearch_api_key: SecretStr = Field(SecretStr(""), description="API key of OpenSearch, in place of a user.")
    opensearch_shards: int = Field(1, ge=1, le=1024, description="Primary shards of an index that is made.")
    opensearch_replicas: int | None = Field(
        None, ge=0, description="Copies of each shard; unset: one where there is a second node."
    )
    opensearch_rollover_bytes: int = Field(
        0, ge=0, description="Size of an index from which on new pages go to the next one; 0: never."
    )
    opensearch_rollover_documents: int = Field(0, ge=0, description="The same, in documents.")
    retention_days: int = Field(0, ge=0, description="Days after its last fetch that a page is stored; 0: for ever.")
    data: Path = Field(Path("~/.local/share/tearsheet"), description="Folder of the embedded store, queue and files.")
    embedded_memory: int = Field(1_000_000_000, gt=0, description="Bytes that the embedded Valkey may take.")
    log_format: Literal["auto", "human", "json"] = Field("auto", description="auto: human on a terminal.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe line logged.")

    fetch_user_agent: str = Field(USER_AGENT, description="How the fetcher names itself.")
    fetch_delay: float = Field(1.0, ge=0, description="Seconds between two requests to a host, from start to start.")
    fetch_host_concurrency: int = Field(1, ge=1, description="Requests to a host at once.")
    fetch_address_concurrency: int = Field(
        8, ge=1, description="Requests at once to one address, whatever hosts are there."
    )
    fetch_max_crawl_delay: float = Field(60.0, ge=0, description="Seconds that a robots.txt's Crawl-delay may ask for.")
    fetch_host_patience: float = Field(
        3600.0, ge=0, description="Seconds without an answer after which a host's waiting pages are quarantined."
    )
    fetch_connect_timeout: float = Field(10.0, gt=0, description="Seconds to connect.")
    fetch_read_timeout: float = Field(15.0, gt=0, description="Seconds between two pieces of a response.")
    fetch_total_timeout: float = Field(30.0, gt=0, description="Seconds for a request in all.")
    fetch_max_bytes: int = Field(10_000_000, gt=0, description="Bytes of a body after decompression.")
    fetch_max_ratio: float = Field(
        200.0, ge=1, description="Bytes that a byte of a packed body may unpack to, once there is a megabyte of them."
    )
    fetch_max_redirects: int = Field(10, ge=0, description="Redirects followed.")
    fetch_robots: bool = Field(True, description="Whether robots.txt is obeyed.")
    fetch_robots_timeout: float = Field(10.0, gt=0, description="Seconds for a request for a robots.txt.")
    fetch_ports: Annotated[tuple[Port, ...], NoDecode] = Field(
        (80, 443, 8080, 8443),
        min_length=1,
        description="Ports of public addresses that are connected to, parted by commas.",
    )
    fetch_sites: Path | None = Field(
        None, description="File of headers, delays, user agents and proxies of single sites; unset: DATA/sites.toml."
    )
    fetch_discussions: bool = Field(
        True, description="Whether comments that are elsewhere than on their page are fetched."
    )
    fetch_noindex: bool = Field(True, description="Whether a page that asks not to be indexed is refused.")
    fetch_noarchive: bool = Field(True, description="Whether a page that asks not to be archived is left out of WARCs.")
    fetch_nofollow: bool = Field(True, description="Whether links that say nofollow are left alone.")
    fetch_allow_private: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Address ranges that are not public and may be fetched, parted by commas."
    )

    archive: bool = Field(True, description="Whether what goes over the wire is kept, in WARC files.")
    fetch_requisites: bool = Field(
        False, description="Whether stylesheets and images of pages are fetched, for the archive."
    )
    archive_max_bytes: int = Field(20_000_000_000, ge=0, description="Disk that the archive may take; then it stops.")
    archive_file_bytes: int = Field(1_000_000_000, gt=0, description="Size from which on the next file is begun.")
    archive_bucket: str = Field("", description="S3 bucket that closed files go to, s3://BUCKET/PREFIX; empty: none.")
    archive_bucket_endpoint: HttpUrl | None = Field(None, description="Address of its server; unset: Amazon's.")
    archive_bucket_region: str = Field("us-east-1", description="Region of the bucket.")
    archive_bucket_key: str = Field("", description="Key to the bucket; empty: as Amazon's own tools find it.")
    archive_bucket_secret: SecretStr = Field(SecretStr(""), description="The key's secret.")

    parse_deadline: float = Field(10.0, gt=0, description="Seconds a page may take to parse.")
    parse_memory: int = Field(512_000_000, gt=0, description="Bytes a page may take to parse.")
    max_attempts: int = Field(3, ge=1, description="Failures of a page at a stage before quarantine.")
    fetch_retry_delay: float = Field(
        5.0, ge=0, description="Seconds before a failed fetch is tried again; doubles with each attempt."
    )
    quarantine_max_bytes: int = Field(1_000_000_000, ge=0, description="Disk that quarantined bodies may take.")

    web_keys: Annotated[tuple[WebKey, ...], NoDecode] = Field(
        (), description="Keys of the web service, NAME:SCOPE:SHA256, parted by commas (`tearsheet key new`)."
    )
    web_rate: float = Field(20.0, ge=0, description="Requests a second that a key may make; 0: any number.")
    web_processes: int | None = Field(
        None, ge=1, le=64, description="Processes that answer; unset: one a core, and at most four."
    )

    worker_events: bool = Field(False, description="Whether workers send Celery events, which Flower shows.")
    worker_grace: float = Field(30.0, ge=0, description="Seconds that tasks may take to end at a shutdown.")
    worker_stall: float = Field(300.0, gt=0, description="Seconds without a task's end, while work waits: restart.")
    worker_heartbeat: Path | None = Field(None, description="File that a worker touches every 5 s, for health checks.")
    worker_memory: int = Field(
        1_000_000_000, gt=0, description="Bytes that a fetcher's or indexer's process may take beyond its idle size."
    )
    fetch_threads: int = Field(32, ge=1, description="Pages that a fetcher process fetches at once.")
    dispatch_window: int = Field(128, ge=1, description="Pages handed to the fetchers ahead of their work.")
    backlog_mark: int = Field(500, ge=1, description="Pages fetched and not yet stored, above which fetching waits.")
    memory_mark: float = Field(0.8, gt=0, le=1, description="Part of Redis's memory above which fetching waits.")

    @field_validator("redis_url", mode="after")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix", "redis+socket"):
            raise ValueError("a URL that begins with redis://, rediss:// or unix:// is wanted")
        _ = urlsplit(value).port  # raises ValueError where it is no number
        return value

    @field_validator("opensearch_url", mode="after")
    @classmethod
    def _opensearch(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a URL that begins with http:// or https:// is wanted")
        _ = parts.port  # raises ValueError where it is no number
        return value

    @field_validator("opensearch_user", mode="after")
    @classmethod
    def _one_user(cls, value: str, info: ValidationInfo) -> str:
        if value and "@" in urlsplit(info.data.get("opensearch_url", "")).netloc:
            raise ValueError("TEARSHEET_OPENSEARCH_URL holds a user already")
        if ":" in value:
            raise ValueError("a user's name holds no colon")
        return value

    @field_validator("opensearch_password", mode="after")
    @classmethod
    def _needs_user(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(value.get_secret_value()) != bool(info.data.get("opensearch_user")):
            raise ValueError("a user and a password are wanted, TEARSHEET_OPENSEARCH_USER is the other one")
        return value

    @field_validator("opensearch_api_key", mode="after")
    @classmethod
    def _no_user(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        key = value.get_secret_value()
        if key and (info.data.get("opensearch_user") or "@" in urlsplit(info.data.get("opensearch_url", "")).netloc):
            raise ValueError("either an API key or a user (TEARSHEET_OPENSEARCH_USER, or in TEARSHEET_OPENSEARCH_URL)")
        if not re.fullmatch(r"[!-~]*", key):
            raise ValueError("a key is letters, digits and signs of ASCII without spaces")
        return value

    @field_validator("fetch_allow_private", mode="before")
    @classmethod
    def _ranges(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("fetch_ports", mode="before")
    @classmethod
    def _ports(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("web_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return read_keys(value) if isinstance(value, str) else value

    @field_validator("archive_bucket")
    @classmethod
    def _bucket(cls, value: str) -> str:
        if value and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[^\s?#]*)?", value):
            raise ValueError("a bucket is s3://NAME or s3://NAME/PREFIX")
        return value

    @field_validator(
        "fetch_sites", "archive_bucket_endpoint", "opensearch_ca", "opensearch_replicas", "web_processes", mode="before"
    )
    @classmethod
    def _unset(cls, value: object) -> object:
        return value or None

    @field_validator("fetch_requisites", mode="after")
    @classmethod
    def _needs_archive(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("archive"):
            raise ValueError("they are fetched for the archive, which TEARSHEET_ARCHIVE turns off")
        return value

    @field_validator("data", "fetch_sites", "opensearch_ca", mode="after")
    @classmethod
    def _home(cls, value: Path | None) -> Path | None:
        return value and value.expanduser().absolute()

    def sites_file(self) -> Path | None:
        """The file of single sites that holds: the one that is named, else that of the data folder, if it is there."""
        if self.fetch_sites is not None:
            return self.fetch_sites
        own = self.data / "sites.toml"
        return own if own.exists() else None


class WrongSettingError(Exception):
    """A setting has a value that it cannot have; the message is one line that names it."""


@cache
def load() -> Settings:
    """The process's settings, read once. Raises WrongSettingError."""
    try:
        return Settings()
    except UnicodeDecodeError:
        raise WrongSettingError(f"{Path('.env').absolute()} is no text in UTF-8") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = f"TEARSHEET_{first['loc'][0]}".upper()
        message = first["msg"].removeprefix("Value error, ")
        raise WrongSettingError(f"{name}: {message}{_got(str(first['loc'][0]), first['input'])}") from None


def _got(name: str, value: object) -> str:
    """The wrong value for the message, without secrets: a URL's user and password are nobody's to see either."""
    field = Settings.model_fields.get(name)
    if name == "web_keys" or (field is not None and field.annotation is SecretStr):
        return ""
    shown = re.sub(r"//\S*@", "//***@", repr(value))
    return f" (got {shown})"
