"""Identity is sealed: nothing of it stands in the file, and what was altered or moved does not open."""

import gzip
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.database import key_path
from benefits.kernel.actions import Actor
from benefits.kernel.engine import parse_url
from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind
from benefits.kernel.sealed import Keys, digest, digests, load_keys, seal, seal_all, unseal
from benefits.kernel.unit import Database
from benefits.members.identity import identity_digest, last4
from benefits.members.models import Member, MemberIdentity
from tests.renewal.factory import NOW

NUMBER = "11010519491231002X"
PHONE = "13800138000"
KEYS = Keys.derive(b"k" * 32)
OTHER = Keys.derive(b"o" * 32)


@pytest.fixture
def known(database: Database) -> int:
    """A person with a number and a phone, as the service stores them."""
    with database.upkeep() as session:
        member = Member(
            name="王敏",
            id_kind=IdKind.RESIDENT,
            id_number=NUMBER,
            id_last4=last4(NUMBER),
            phone=PHONE,
            phone_last4=last4(PHONE),
            changed_at=NOW,
        )
        session.add(member)
        session.flush()
        assert member.id is not None
        session.add(MemberIdentity(digest=identity_digest(NUMBER), member_id=member.id))
        return member.id


def _read(database: Database, actor: Actor) -> tuple[str | None, str | None]:
    with database.read(actor) as unit:
        return unit.exec(select(Member.id_number, Member.phone)).one()


def _everything(database: Database, where: str) -> bytes:
    if database.dialect == "sqlite":
        database.close()
        return b"".join(file.read_bytes() for file in sorted(Path(where).parent.glob(f"{Path(where).name}*")))
    found = []
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('benefits.scope', '/', true)")
        for table in ("member", "member_identity", "member_key", "audit_event"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(found)


def test_it_reads_back(known: int, database: Database, root: Actor) -> None:
    assert _read(database, root) == (NUMBER, PHONE)
    with database.read(root) as unit:
        found = unit.exec(
            select(MemberIdentity.member_id).where(col(MemberIdentity.digest) == identity_digest(NUMBER))
        ).one()
    assert found == known


def test_no_clear_digit_stands_in_the_database(known: int, database: Database, database_url: str) -> None:
    content = _everything(database, database_url)
    assert "王敏".encode() in content
    for secret in (NUMBER, PHONE, NUMBER[:-4], PHONE[:-4]):
        for form in (secret, secret[::-1]):
            assert form.encode() not in content and form.encode("utf-16-le") not in content
    assert b"002X" in content


def test_equal_values_are_sealed_apart(database: Database) -> None:
    with KEYS.active():
        assert len({seal("member.phone", PHONE) for _ in range(50)}) == 50


def _swap(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SELECT set_config('benefits.scope', '/', true)")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE member SET id_number = phone",
        "UPDATE member SET phone = id_number, id_number = phone",
    ],
)
def test_a_value_moved_to_another_column_does_not_open(
    known: int, database: Database, root: Actor, statement: str
) -> None:
    _swap(database, statement)
    with pytest.raises(Refused) as refused:
        _read(database, root)
    assert refused.value.code == "kernel.sealed_broken"
    assert PHONE not in str(refused.value) and NUMBER not in str(refused.value)


@pytest.mark.parametrize("place", [0, 1, 12, 13, 20, -1])
def test_an_altered_byte_does_not_open(place: int) -> None:
    with KEYS.active():
        sealed = bytearray(seal("member.phone", PHONE))
        sealed[place] ^= 1
        with pytest.raises(Refused) as refused:
            unseal("member.phone", bytes(sealed))
    assert refused.value.code == "kernel.sealed_broken"


@pytest.mark.parametrize("length", [0, 1, 5, 13, 28])
def test_a_cut_value_does_not_open(length: int) -> None:
    with KEYS.active():
        sealed = seal("member.phone", PHONE)[:length]
        with pytest.raises(Refused) as refused:
            unseal("member.phone", sealed)
    assert refused.value.code == "kernel.sealed_broken"


def test_another_key_does_not_open(known: int, database: Database, root: Actor) -> None:
    with KEYS.active():
        sealed = seal("member.phone", PHONE)
    with OTHER.active(), pytest.raises(Refused):
        unseal("member.phone", sealed)
    database.keys = OTHER
    with pytest.raises(Refused) as refused:
        _read(database, root)
    assert refused.value.code == "kernel.sealed_broken"


def test_digests_differ_by_kind_and_key() -> None:
    found = set()
    for keys in (KEYS, OTHER):
        with keys.active():
            found |= {digest(kind, value) for kind in ("a", "b") for value in (NUMBER, PHONE)}
            assert digest("a", NUMBER) == digest("a", NUMBER)
    assert len(found) == 8
    with KEYS.active():
        assert len(digest("a", "")) == 32


def test_keys_of_one_master_are_three() -> None:
    assert len({KEYS.sealing, KEYS.digesting, KEYS.auditing}) == 3
    assert KEYS.fingerprint() == Keys.derive(b"k" * 32).fingerprint() != OTHER.fingerprint()
    for secret in (KEYS.sealing, KEYS.digesting, KEYS.auditing):
        assert secret.hex() not in KEYS.fingerprint() and repr(secret) not in repr(KEYS)


def test_a_key_file_is_for_its_owner_alone(database_url: str, tmp_path: Path) -> None:
    made = tmp_path / "deep" / "new.key"
    keys = load_keys(made, create=True)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert load_keys(made, create=True) == keys == load_keys(made, create=False)
    assert len(gzip.compress(bytes.fromhex(made.read_text().strip()))) > 32, "random, not a pattern"
    assert key_path(parse_url(database_url)).exists()


def test_an_empty_value_is_a_value(database: Database, root: Actor) -> None:
    with database.upkeep() as session:
        session.add(Member(name="空", id_number="", phone=None, changed_at=NOW))
    found: Any = _read(database, root)
    assert found == ("", None)


def test_many_at_once_are_as_one_by_one() -> None:
    values = [NUMBER, None, PHONE, "", NUMBER]
    with KEYS.active():
        assert digests("a", values) == [None if one is None else digest("a", one) for one in values]
        sealed = seal_all("member.phone", values)
        assert [None if one is None else unseal("member.phone", one) for one in sealed] == values
        assert sealed[0] != sealed[-1] and sealed[1] is None
