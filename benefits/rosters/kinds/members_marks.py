"""Numbers of a member roster by their digests (编号摘要): made together, and told where one comes twice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benefits.kernel.sealed import digest
from benefits.members.bulk import NewPerson
from benefits.members.derive import identifier_digests, phone_digests
from benefits.members.identity import identity_digests
from benefits.members.models import IdentifierKind
from benefits.rosters.kind import Chunk, Job
from benefits.rosters.seen import Seen

IDENTIFIERS = {
    "union_card": IdentifierKind.UNION_CARD,
    "member_number": IdentifierKind.MEMBER_NUMBER,
    "staff_number": IdentifierKind.STAFF_NUMBER,
}
ONE_OWNER = (IdentifierKind.UNION_CARD, IdentifierKind.MEMBER_NUMBER)


@dataclass(frozen=True, slots=True)
class Marks:
    """Digests of the numbers of rows: identity, phone, others by kind."""

    identity: Sequence[bytes | None]
    phone: Sequence[bytes | None]
    others: Mapping[IdentifierKind, Sequence[bytes | None]]


def marks_of(chunk: Chunk) -> Marks:
    """The digests of all numbers of a chunk."""
    return Marks(
        identity_digests([check and check.number for check in chunk.get("id_number")]),
        phone_digests(chunk.get("phone")),
        {
            kind: identifier_digests(kind, chunk.get(key))
            for key, kind in IDENTIFIERS.items()
            if key in chunk.present
        },
    )


def twice(job: Job, chunk: Chunk, rows: list[NewPerson], marks: Marks) -> None:
    """A number that stands in the file twice is a problem of the second row, as is a card of one owner, and a
    name with a birth where neither row has a number."""
    seen: dict[str, Seen] = job.memory.setdefault("seen", defaultdict(Seen))
    good = [at for at in range(len(rows)) if at not in chunk.bad]
    numbers = [marks.identity[at] or _namesake(rows[at]) for at in good]
    for at, first in _again(seen["id_number"], chunk, good, numbers):
        numbered = marks.identity[at] is not None
        key, code = ("id_number", "twice_in_file") if numbered else ("name", "namesake_in_file")
        chunk.blame(at, key, f"rosters.{code}", first=first)
    for kind in ONE_OWNER:
        column = marks.others.get(kind, ())
        given = [at for at in good if column[at] is not None] if column else []
        for at, first in _again(seen[kind.value], chunk, given, [column[at] or b"" for at in given]):
            chunk.blame(at, kind.value, "rosters.twice_in_file", first=first)


def _again(seen: Seen, chunk: Chunk, places: list[int], digests: list[bytes]) -> list[tuple[int, int]]:
    """Rows whose digest stood in the file before, and where it did."""
    rows = [chunk.rows[at] for at in places]
    firsts = seen.firsts(digests, rows)
    return [(at, first) for at, row, first in zip(places, rows, firsts, strict=True) if first != row]


def _namesake(person: NewPerson) -> bytes:
    return digest("roster.namesake", f"{person.birth}/{person.name}")
