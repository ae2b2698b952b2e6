"""Looking units up by their search keys (单位检索), on both engines by ranges of one index."""

from collections.abc import Iterator

from sqlmodel import col, select

from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import Organisation, OrganisationKey, OrganisationName
from benefits.organisations.scope import by_owner
from benefits.organisations.search import LONGEST_INITIALS, UnitKey, fits, probes, typed

_LAST = "\U0010ffff"
"""Behind every character that a key may hold."""
_WHOLE = tuple(UnitKey)[: UnitKey.INITIALS]
Hit = tuple[int, str, int]
"""Kind, key, organisation."""


def find(unit: ReadUnit, text: str, limit: int, path: str = "") -> list[int]:
    """Ids of the units that a text finds, the best first: exact code, whole name, beginning of the name or
    of its own part (unions above the grass roots first), inside, code and credit code, what all names share,
    former names. Nobody twice. ``path``: only in this part of the tree."""
    wanted = typed(text)
    if not wanted or limit < 1:
        return []
    room = 2 * limit + 8
    while True:
        found: dict[int, None] = {}
        complete = True
        for hits, whole in _looked_up(unit, wanted, room, path):
            found.update(dict.fromkeys(_fitting(unit, hits, wanted)))
            complete = complete and whole
            if not complete or len(found) >= limit:
                break
        if complete or len(found) >= limit:
            return list(found)[:limit]
        room *= 4


def _looked_up(unit: ReadUnit, wanted: str, room: int, path: str) -> Iterator[tuple[list[Hit], bool]]:
    """Hits in order of rank, and whether they are all there are: exact ones, then beginnings of names, then
    the rest, since what is typed mostly stops before."""
    exact = _hits(unit, _WHOLE, wanted, wanted, room, path)
    yield exact, len(exact) < room
    wholes = {prefix: tuple(kind for kind in kinds if kind in _WHOLE) for prefix, kinds in probes(wanted)}
    parts = {prefix: tuple(kind for kind in kinds if kind not in _WHOLE) for prefix, kinds in probes(wanted)}
    for ranked in (wholes, parts):
        pages = [
            _hits(unit, kinds, prefix, prefix + _LAST, room, path)
            for prefix, kinds in ranked.items()
            if kinds
        ]
        cut = [page[-1] for page in pages if len(page) == room]
        hits = sorted(hit for page in pages for hit in page)
        yield [hit for hit in hits if hit <= min(cut)] if cut else hits, not cut


def _hits(
    unit: ReadUnit, kinds: tuple[UnitKey, ...], first: str, last: str, room: int, path: str
) -> list[Hit]:
    """Keys from ``first`` up to ``last``, in order of kind and key: one range of the primary key a kind."""
    kind, key, owner = (
        col(OrganisationKey.kind),
        col(OrganisationKey.key),
        col(OrganisationKey.organisation_id),
    )
    query = select(kind, key, owner).where(kind.in_([int(one) for one in kinds]))
    query = query.where(key == first) if first == last else query.where(key >= first, key < last)
    if path:
        query = query.where(by_owner(OrganisationKey, path))
    return [(row[0], row[1], row[2]) for row in unit.exec(query.order_by(kind, key, owner).limit(room))]


def _fitting(unit: ReadUnit, hits: list[Hit], wanted: str) -> list[int]:
    """The units of the hits; what is longer than a key must fit the name as a whole."""
    ids = list(dict.fromkeys(owner for _, _, owner in hits))
    if len(wanted) <= LONGEST_INITIALS or not wanted.isascii() or not ids:
        return ids
    names: dict[int, list[str]] = {}
    for organisation_id, name in [
        *unit.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))),
        *unit.exec(
            select(OrganisationName.organisation_id, OrganisationName.name).where(
                col(OrganisationName.organisation_id).in_(ids)
            )
        ),
    ]:
        names.setdefault(organisation_id or 0, []).append(name)
    numbers = {
        owner for kind, _, owner in hits if kind in (UnitKey.CODE, UnitKey.CODE_PART, UnitKey.NUMBER_TAIL)
    }
    return [one for one in ids if one in numbers or any(fits(name, wanted) for name in names.get(one, ()))]
