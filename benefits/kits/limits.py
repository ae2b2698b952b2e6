"""Yearly limits of what one person may be given for a purpose (年度限额): dated data in ``limits.toml``."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from benefits.kernel.errors import Both, Refused
from benefits.kernel.text import shown
from benefits.plans.vocabulary import TO_BE_CONFIRMED

FILE = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in force ``effective``–``ended`` inclusive (``ended`` None: still); ``effective`` and the
    amount None: 待核实."""

    purpose: str
    area: str
    name: Both
    per_person_year_fen: int | None
    effective: date | None
    ended: date | None
    source: str

    def holds(self, day: date) -> bool:
        """Whether it is known to hold on a day."""
        known = self.per_person_year_fen is not None and self.effective is not None
        return known and self.effective <= day and (self.ended is None or day <= self.ended)  # type: ignore[operator]


def limits() -> tuple[Limit, ...]:
    """All limits as the file has them."""
    return _read(FILE)


def purposes() -> tuple[str, ...]:
    """Purposes that have a limit, each once."""
    return tuple(dict.fromkeys(limit.purpose for limit in limits()))


def limit_on(purpose: str, day: date) -> Limit:
    """The limit of a purpose on a day.

    Raises Refused: ``kits.purpose_unknown`` naming the known ones, ``kits.no_limit`` where nothing is known
    for the day (待核实 decides nothing).
    """
    own = [limit for limit in limits() if limit.purpose == purpose]
    if not own:
        raise Refused("kits.purpose_unknown", purpose=shown(purpose), known=", ".join(purposes()))
    found = next((limit for limit in own if limit.holds(day)), None)
    if found is None:
        raise Refused("kits.no_limit", purpose=own[0].name, day=day)
    return found


@cache
def _read(path: Path) -> tuple[Limit, ...]:
    with path.open("rb") as file:
        rows = tomllib.load(file)["limit"]
    return tuple(
        Limit(
            row["purpose"],
            row["area"],
            Both(**row["name"]),
            _known(row["per_person_year_fen"]),
            _known(row["effective"]),
            row.get("ended"),
            row["source"],
        )
        for row in rows
    )


def _known(value: Any) -> Any:
    return None if value == TO_BE_CONFIRMED else value
