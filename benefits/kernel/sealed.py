"""Sealed columns (加密列): identity is stored encrypted, found by keyed digest, shown by its last four.

AES-256-GCM by ``cryptography``; the column's name is authenticated with the value, so a sealed value moved to
another column does not open. One master key of 32 bytes, kept outside the database, yields the sealing,
digest and audit keys by HKDF.
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from benefits.kernel.errors import Refused

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_HMAC_BLOCK = 64


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys of one installation. Never printed, never logged."""

    sealing: bytes
    digesting: bytes
    auditing: bytes

    @classmethod
    def derive(cls, master: bytes) -> "Keys":
        """Three independent keys from one master key (HKDF-SHA256)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        def one(purpose: bytes) -> bytes:
            return HKDF(
                algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"benefits/1/" + purpose
            ).derive(master)

        return cls(one(b"seal"), one(b"digest"), one(b"audit"))

    def fingerprint(self) -> str:
        """What the database remembers of its key, to refuse another one; says nothing about the key."""
        return hmac.new(self.digesting, b"fingerprint", hashlib.sha256).hexdigest()[:32]

    @contextmanager
    def active(self) -> Iterator[None]:
        """Sealed columns read and written inside use these keys (a unit does this by itself)."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[Keys] = ContextVar("benefits_keys")


def load_keys(path: Path, create: bool) -> Keys:
    """Keys from the key file; made (mode 600) when ``create`` and missing.

    Raises Refused ``kernel.key_missing``, ``kernel.key_unreadable`` or ``kernel.key_invalid``.
    """
    try:
        if not path.exists():
            if not create:
                raise Refused("kernel.key_missing", path=path)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        line = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("kernel.key_unreadable", path=path, why=type(error).__name__) from error
    try:
        master = bytes.fromhex(line)
    except ValueError:
        master = b""
    if len(master) != _KEY_BYTES:
        raise Refused("kernel.key_invalid", path=path)
    return Keys.derive(master)


def digest(kind: str, value: str) -> bytes:
    """Keyed digest for exact look-up and uniqueness: equal values of one kind have equal digests, and nobody
    without the key can try values out. 32 bytes."""
    return hmac.digest(_current.get().digesting, f"{kind}\0{value}".encode(), "sha256")


def digests(kind: str, values: Iterable[str | None]) -> list[bytes | None]:
    """``digest`` of many values (None of None). What HMAC (RFC 2104) does with the key is done once."""
    key = _current.get().digesting.ljust(_HMAC_BLOCK, b"\0")
    begun = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + kind.encode() + b"\0").copy
    ended = hashlib.sha256(bytes(byte ^ 0x5C for byte in key)).copy
    found: list[bytes | None] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        inner, outer = begun(), ended()
        inner.update(value.encode())
        outer.update(inner.digest())
        found.append(outer.digest())
    return found


def seal(label: str, value: str) -> bytes:
    """Encrypt ``value`` for the column ``label``."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed: bytes = _cipher(_current.get().sealing).encrypt(nonce, value.encode(), label.encode())
    return _VERSION + nonce + sealed


def seal_all(label: str, values: Sequence[str | None]) -> list[bytes | None]:
    """``seal`` of many values (None of None), their nonces drawn together."""
    encrypt, bound = _cipher(_current.get().sealing).encrypt, label.encode()
    drawn = secrets.token_bytes(_NONCE_BYTES * len(values))
    places = range(0, len(drawn), _NONCE_BYTES)
    return [
        None
        if value is None
        else _VERSION + (nonce := drawn[at : at + _NONCE_BYTES]) + encrypt(nonce, value.encode(), bound)
        for at, value in zip(places, values, strict=True)
    ]


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> Any:
    """The cipher of a key, made once: a list opens and a loader seals very many values with one."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def unseal(label: str, sealed: bytes) -> str:
    """Decrypt what ``seal`` made. Raises Refused ``kernel.sealed_broken`` for an altered value or another
    key."""
    from cryptography.exceptions import InvalidTag

    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        if not sealed.startswith(_VERSION) or len(nonce) < _NONCE_BYTES:
            raise InvalidTag
        return str(_cipher(_current.get().sealing).decrypt(nonce, body, label.encode()).decode())
    except InvalidTag as error:
        raise Refused("kernel.sealed_broken", column=label) from error


class SealedText(TypeDecorator[str]):
    """A text column that holds sealed bytes; opening needs the keys of the running unit."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str = "") -> None:
        super().__init__()
        self.label = label

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(self.label, value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unseal(self.label, bytes(value))
