"""Files that travel: nothing is read without the key, nothing is changed unseen, nothing swells."""

import json
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from benefits.kernel import parcel
from benefits.kernel.errors import Refused
from benefits.kernel.portable import inward, outward
from benefits.kernel.sealed import Keys
from benefits.kits.models_handout import Handout, HandoutState

KEY = bytes(range(32))
HEAD = {"kind": "out", "station": "1号站"}
BODY = {"people": [[1, "王小明"]]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "站.kit"
    parcel.write(made, HEAD, BODY, KEY)
    return made


def _refused(path: Path, key: bytes = KEY) -> str:
    with pytest.raises(Refused) as refusal:
        parcel.read(path, lambda _: key)
    assert str(path) in str(refusal.value)
    return refusal.value.code


def test_what_goes_in_comes_out(path: Path) -> None:
    assert parcel.read(path, lambda head: KEY if head == HEAD else b"") == (HEAD, BODY)
    assert parcel.read_head(path) == HEAD
    assert "王小明".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o007 == 0


def test_nothing_is_written_over(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Refused) as refusal:
        parcel.write(path, HEAD, BODY, KEY)
    assert (refusal.value.code, path.read_bytes()) == ("kernel.parcel_exists", before)


def test_every_changed_byte_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert _refused(path) in ("kernel.parcel_closed", "kernel.parcel_strange"), place
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert _refused(path) in ("kernel.parcel_closed", "kernel.parcel_strange"), length
    path.write_bytes(whole + b"\0")
    assert _refused(path) == "kernel.parcel_closed"


def test_another_key_opens_nothing(path: Path) -> None:
    assert _refused(path, bytes(32)) == "kernel.parcel_closed"
    path.unlink()
    assert _refused(path) == "kernel.parcel_missing"


def _forged(path: Path, inside: bytes) -> None:
    front = b"BENEFITS PARCEL 1\n" + json.dumps(HEAD).encode() + b"\n"
    path.write_bytes(front + bytes(12) + AESGCM(KEY).encrypt(bytes(12), inside, front))


def test_whoever_has_the_key_cannot_make_it_swell(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "MOST_INSIDE", 1_000_000)
    _forged(path, zlib.compress(b"[" * 50_000_000))
    assert _refused(path) == "kernel.parcel_too_big"
    monkeypatch.setattr(parcel, "MOST_BYTES", 1000)
    path.write_bytes(path.read_bytes() + bytes(2000))
    assert _refused(path) == "kernel.parcel_too_big"


@pytest.mark.parametrize("inside", [b"", b"[]", b"{", b"[" * 900_000, b"1" * 5000, b"\xff", b'"x"'])
def test_whoever_has_the_key_cannot_confuse_it(path: Path, inside: bytes) -> None:
    _forged(path, zlib.compress(inside))
    assert _refused(path) == "kernel.parcel_strange"
    _forged(path, b"not deflated")
    assert _refused(path) == "kernel.parcel_strange"


@given(st.binary(max_size=200))
def test_no_other_file_is_a_parcel(tmp_path_factory: pytest.TempPathFactory, whole: bytes) -> None:
    strange = tmp_path_factory.getbasetemp() / "strange.kit"
    strange.write_bytes(whole)
    assert _refused(strange) == "kernel.parcel_strange"
    strange.write_bytes(b"BENEFITS PARCEL 1\n" + whole)
    assert _refused(strange) in ("kernel.parcel_strange", "kernel.parcel_closed")


def test_a_code_is_typed_as_people_type() -> None:
    code = parcel.new_code()
    assert code != parcel.new_code() and len(code) == 14
    key = parcel.key_of_code(code, "salt")
    assert parcel.key_of_code(code.lower().replace("-", " "), "salt") == key
    assert parcel.key_of_code(code, "other") != key
    assert parcel.key_of_code(code[:-1], "salt") != key


def test_only_the_house_signs() -> None:
    mine, other = Keys.derive(bytes(32)), Keys.derive(KEY)
    signed = parcel.signature(mine, HEAD)
    assert parcel.is_signed(mine, dict(reversed(HEAD.items())), signed)
    assert not parcel.is_signed(other, HEAD, signed)
    assert not parcel.is_signed(mine, HEAD | {"station": "2号站"}, signed)
    for wrong in (None, 1, "", "ü"):
        assert not parcel.is_signed(mine, HEAD, wrong)
    assert parcel.child_key(mine, "a") != parcel.child_key(mine, "b") != parcel.child_key(other, "b")


COLUMNS = ("member_id", "given_on", "given_at", "state", "note", "station_id")
ROW: tuple[Any, ...] = (
    7,
    date(2026, 11, 20),
    datetime(2026, 11, 20, 4, tzinfo=UTC),
    HandoutState.TWICE,
    "雨天",
    None,
)


def test_rows_come_back_as_they_were() -> None:
    data = json.loads(json.dumps(outward([ROW])))
    assert inward(Handout, COLUMNS, data) == [ROW]
    naive = (*ROW[:2], datetime(2026, 11, 20, 4), *ROW[3:])
    assert outward([naive]) == outward([ROW])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, "7"),
        (0, None),
        (0, True),
        (0, 2**63),
        (0, 1.5),
        (1, "2026-02-30"),
        (1, 20261120),
        (2, "noon"),
        (3, "gone"),
        (3, []),
        (4, "x" * 201),
        (4, "a\0b"),
        (4, "\ud800"),
        (4, {}),
        (5, "1"),
    ],
)
def test_a_value_that_its_column_does_not_take_refuses_the_file(place: int, value: object) -> None:
    data = outward([ROW])
    data[0][place] = value
    with pytest.raises(Refused) as refusal:
        inward(Handout, COLUMNS, data)
    assert refusal.value.code == "kernel.parcel_row"
    assert COLUMNS[place] in str(refusal.value)


@pytest.mark.parametrize("data", [None, {}, "rows", [1], [[1, 2]], [{}]])
def test_what_is_no_list_of_rows_is_refused(data: object) -> None:
    with pytest.raises(Refused, match="kit_handout"):
        inward(Handout, COLUMNS, data)
