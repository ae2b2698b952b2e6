"""What may be written about campaigns and stations (活动与发放点录入), and what is wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import plain

Check = Callable[[Any], Any]


def words(field: str, most: int, *, needed: bool = False) -> Check:
    """A text of at most ``most`` characters, blanks tidied; nothing is an empty text."""

    def check(value: Any) -> str:
        text = " ".join(plain(str(value if value is not None else "")).split())
        if len(text) > most:
            name = say(f"kits.field.{field}")
            raise Refused("kits.text_long", field=name, text=text[:20], length=len(text), most=most)
        if needed and not text:
            raise Refused("kits.text_missing", field=say(f"kits.field.{field}"))
        return text

    return check


def as_it_is(value: Any) -> Any:
    """A value whose type says all."""
    return value


def checked(values: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The values as they are stored.

    Raises Refused with the one thing that is wrong, or ``kits.invalid`` with all of them.
    """
    done: dict[str, Any] = {}
    wrong: list[tuple[str, Refused]] = []
    for field, value in values.items():
        assert field in checks, f"{field} is not edited here"
        try:
            done[field] = checks[field](value)
        except Refused as refusal:
            wrong.append((field, refusal))
    if len(wrong) == 1:
        raise wrong[0][1]
    if wrong:
        problems = tuple(Problem(refusal.code, refusal.say, field=field) for field, refusal in wrong)
        raise Refused("kits.invalid", count=len(problems), problems=problems)
    return done


def stale(row: Any, values: Mapping[str, Any], name: str) -> Refused:
    """Somebody else changed the row meanwhile: the fields in which it now differs from what was wanted."""
    fields = [field for field in sorted(values) if getattr(row, field) != values[field]]
    problems = tuple(
        Problem(
            "kits.changed_field", say("kits.changed_field", field=say(f"kits.field.{field}")), field=field
        )
        for field in fields
    )
    return Refused("kits.stale", name=name, problems=problems)
