"""Keys of the web service. The setting holds a key's SHA-256 alone; the key itself is shown once, when it is made."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

KeyScope = Literal["read", "write"]
"""What a key may do; `write` may read too."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# So that whoever finds one in a file knows what it is; 256 bits follow.
_PREFIX = "ts_"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class WebKey:
    """A key as the setting has it: `name:scope:digest`, the digest in lower-case hex."""

    name: str
    scope: KeyScope
    digest: str

    def __str__(self) -> str:
        """The entry of the setting."""
        return f"{self.name}:{self.scope}:{self.digest}"


def read_keys(text: str) -> tuple[WebKey, ...]:
    """Entries parted by commas. Raises ValueError, which never repeats an entry: somebody may have put a key there."""
    keys = tuple(_read(number, entry.strip()) for number, entry in enumerate(text.split(","), 1) if entry.strip())
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("two keys have the same name")
    return keys


def _read(number: int, entry: str) -> WebKey:
    name, _, rest = entry.partition(":")
    scope, _, digest = rest.partition(":")
    if not NAME.fullmatch(name) or scope not in get_args(KeyScope) or not _DIGEST.fullmatch(digest):
        raise ValueError(f"entry {number} is not NAME:read:SHA256 or NAME:write:SHA256 (`tearsheet key new` makes one)")
    return WebKey(name, scope, digest)  # type: ignore[arg-type]  # one of the scopes


def new_key(name: str, scope: KeyScope) -> tuple[str, WebKey]:
    """A new key, and its entry for the setting."""
    key = _PREFIX + secrets.token_urlsafe(_BYTES)
    return key, WebKey(name, scope, _digest(key))


def key_of(given: str, keys: Iterable[WebKey]) -> WebKey | None:
    """The entry of a key that somebody gave, if it is one. Takes the same time whichever it is."""
    digest = _digest(given)
    found = None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


def _digest(key: str) -> str:
    # A key has 256 bits of its own, so a plain hash of it can be neither looked up nor guessed.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
