"""A person of a file as JSON and back (查重队列里的行): what waits in the queue, sealed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from benefits.kernel.ids import Sex, check_id
from benefits.members.bulk import NewPerson
from benefits.members.models import Employment, IdentifierKind
from benefits.members.retirement import RetirementCategory
from benefits.organisations.models import RiskClass

_CODES = {
    "sex": Sex,
    "employment": Employment,
    "risk_class": RiskClass,
    "retirement_category": RetirementCategory,
}
_DAYS = ("birth", "joined_on")
_TEXTS = ("phone", "has_card", "department", "ethnicity", "platform", "station")


def as_json(person: NewPerson) -> dict[str, Any]:
    """JSON values of a person; what is not known is left out."""
    found: dict[str, Any] = {"organisation_id": person.organisation_id, "name": person.name}
    if person.number is not None:
        found["id_number"] = person.number.number
    found |= {key: value.value for key in _CODES if (value := getattr(person, key)) is not None}
    found |= {key: value.isoformat() for key in _DAYS if (value := getattr(person, key)) is not None}
    found |= {key: value for key in _TEXTS if (value := getattr(person, key)) is not None}
    if person.identifiers:
        found["identifiers"] = {kind.value: number for kind, number in person.identifiers}
    if person.categories:
        found["categories"] = list(person.categories)
    return found


def from_json(values: Mapping[str, Any], today: date) -> NewPerson:
    """The person that ``as_json`` wrote down."""
    known: dict[str, Any] = {
        key: values[key] for key in ("organisation_id", "name", *_TEXTS) if key in values
    }
    known |= {key: kind(values[key]) for key, kind in _CODES.items() if key in values}
    known |= {key: date.fromisoformat(values[key]) for key in _DAYS if key in values}
    if "id_number" in values:
        known["number"] = check_id(values["id_number"], today)
    numbers = values.get("identifiers", {})
    known["identifiers"] = tuple((IdentifierKind(kind), text) for kind, text in numbers.items())
    known["categories"] = tuple(values.get("categories", ()))
    return NewPerson(**known)
