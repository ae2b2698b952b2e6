"""Parcels (随身文件): a file that leaves the house on a stick, sealed as a whole.

One line says what it is, one line of JSON says whose, and the rest is a JSON document, deflated and encrypted
(AES-256-GCM) together with both lines, so that nothing of it can be read or changed without its key. The key
comes from a code that people tell each other (scrypt), or from a key that both sides have.

Read as what a stranger may have written: sizes are counted before anything is unpacked, and whatever is wrong
is one refusal.
"""

import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benefits.kernel.errors import Refused
from benefits.kernel.placing import beside
from benefits.kernel.sealed import Keys

_MAGIC = b"BENEFITS PARCEL 1\n"
_NONCE = 12
_LONGEST_HEAD = 16 * 1024
_MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * _MEGABYTE
"""Of the file."""
MOST_INSIDE = 256 * _MEGABYTE
"""Of what it unpacks to."""
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike: 0 O, 1 I."""
_CODE = 12
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * _MEGABYTE, "dklen": 32}


def new_code() -> str:
    """A code to open a parcel with (开包口令): three groups of four, 60 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(_CODE)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, _CODE, 4))


def key_of_code(code: str, salt: str) -> bytes:
    """The key that a code makes, whatever the case and the hyphens it is typed with."""
    letters = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.scrypt(letters.encode(), salt=salt.encode(), **_SCRYPT)


def child_key(keys: Keys, purpose: str) -> bytes:
    """A key of its own for a purpose, found again whenever it is asked for; it says nothing of the house's
    keys. 32 bytes."""
    return hmac.digest(keys.sealing, f"child\0{purpose}".encode(), "sha256")


def signature(keys: Keys, said: Mapping[str, Any]) -> str:
    """What only this house can write under ``said``, hex."""
    return hmac.digest(keys.auditing, b"signed\0" + _canonical(said), "sha256").hex()


def is_signed(keys: Keys, said: Mapping[str, Any], with_what: object) -> bool:
    """Whether this house wrote it."""
    return isinstance(with_what, str) and hmac.compare_digest(
        signature(keys, said).encode(), with_what.encode("utf-8", "replace")
    )


def write(path: Path, head: Mapping[str, Any], body: Mapping[str, Any], key: bytes) -> int:
    """Write a parcel beside ``path`` and put it in place; its length in bytes.

    Raises Refused ``kernel.parcel_exists`` where there is a file, ``kernel.parcel_too_big``, and what
    ``placing.beside`` refuses.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if path.exists() and not path.is_dir():
        raise Refused("kernel.parcel_exists", path=str(path))
    front = _MAGIC + _canonical(head) + b"\n"
    inside = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = secrets.token_bytes(_NONCE)
    made = front + nonce + AESGCM(key).encrypt(nonce, zlib.compress(inside, 6), front)
    if len(inside) > MOST_INSIDE or len(made) > MOST_BYTES:
        raise Refused("kernel.parcel_too_big", path=str(path), most=MOST_INSIDE // _MEGABYTE)
    with beside(path) as part:
        part.write_bytes(made)
    return len(made)


def read_head(path: Path) -> dict[str, Any]:
    """What the file says about itself; not to be believed before the body was opened.

    Raises Refused ``kernel.parcel_missing``, ``kernel.parcel_strange``, ``kernel.parcel_too_big``.
    """
    return _parts(path)[0]


def read(path: Path, key: Callable[[dict[str, Any]], bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Head and body of a parcel; ``key`` finds its key by the head.

    Raises Refused as ``read_head`` does, and ``kernel.parcel_closed`` where the key does not fit or a byte
    was changed.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head, front, sealed = _parts(path)
    try:
        packed = AESGCM(key(head)).decrypt(sealed[:_NONCE], sealed[_NONCE:], front)
    except (InvalidTag, ValueError) as error:
        raise Refused("kernel.parcel_closed", path=str(path)) from error
    opener = zlib.decompressobj()
    try:
        inside = opener.decompress(packed, MOST_INSIDE)
        if opener.unconsumed_tail:
            raise Refused("kernel.parcel_too_big", path=str(path), most=MOST_INSIDE // _MEGABYTE)
        body = json.loads(inside) if opener.eof else None
    except (zlib.error, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused("kernel.parcel_strange", path=str(path))
    return head, body


def _parts(path: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """Head, both lines as they stand, and what is sealed."""
    if not path.is_file():
        raise Refused("kernel.parcel_missing", path=str(path))
    with path.open("rb") as file:
        whole = file.read(MOST_BYTES + 1)
    if not whole.startswith(_MAGIC):
        raise Refused("kernel.parcel_strange", path=str(path))
    if len(whole) > MOST_BYTES:
        raise Refused("kernel.parcel_too_big", path=str(path), most=MOST_INSIDE // _MEGABYTE)
    end = whole.find(b"\n", len(_MAGIC), len(_MAGIC) + _LONGEST_HEAD)
    try:
        head = json.loads(whole[len(_MAGIC) : end]) if end > 0 else None
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or len(whole) <= end + 1 + _NONCE:
        raise Refused("kernel.parcel_strange", path=str(path))
    return head, whole[: end + 1], whole[end + 1 :]


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
