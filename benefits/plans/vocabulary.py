"""The building stones of a plan file: closed tables, sourced values, and values that nobody knows yet.

Every number of a plan is data of a dated edition (DOMAIN 0.1), and what the public sources do not say is
written ``"待核实"`` (to be confirmed) in the file. Such a value becomes ``UNKNOWN``; no code may guess in
its place.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum, StrEnum
from typing import Annotated, Any, Self, TypeVar, Union, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

TO_BE_CONFIRMED = "待核实"


class Unknown(Enum):
    """The one value of what is not known (待核实). Compare with ``is UNKNOWN``."""

    UNKNOWN = TO_BE_CONFIRMED


UNKNOWN = Unknown.UNKNOWN


class OrUnknown:
    """Marks a field that may be 待核实; the errors of a wrong value then speak of the value's own type
    only."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = tuple(part for part in get_args(source) if part is not Unknown)
        schema = handler.generate_schema(Union[inner])  # noqa: UP007 - a union made at run time
        return core_schema.no_info_wrap_validator_function(_or_unknown, schema)


def _or_unknown(value: object, known: Callable[[object], Any]) -> object:
    return UNKNOWN if value is UNKNOWN or value == TO_BE_CONFIRMED else known(value)


T = TypeVar("T")
Maybe = Annotated[T | Unknown, OrUnknown()]


def broken(kind: str, /, **params: object) -> PydanticCustomError:
    """A fault of a plan file; ``plans.<kind>`` is its message."""
    return PydanticCustomError(kind, kind, params)


def near(word: str, allowed: list[str]) -> str:
    """The allowed word that ``word`` was probably meant to be, or an empty string."""
    return next(iter(get_close_matches(word, allowed, 1, 0.6)), "")


def _unknown_key(key: str, allowed: list[str]) -> PydanticCustomError:
    return broken("unknown_key", key=key[:60], allowed=", ".join(allowed), near=near(key, allowed))


class Closed(BaseModel):
    """A table with a closed set of keys. An unknown key is an error that names the allowed ones and the
    nearest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        allowed = [field.alias or name for name, field in cls.model_fields.items()]
        for key in value:
            if key not in allowed:
                raise _unknown_key(str(key), allowed)
        return value


_SOURCE = re.compile(r"(S\d+b?|seed|calc|inferred)(, (S\d+b?|seed|calc|inferred))*")


def _source(text: str) -> str:
    if not _SOURCE.fullmatch(text):
        raise broken("bad_source", text=text)
    return text


Source = Annotated[str, Strict(), AfterValidator(_source)]


class Sourced(Closed):
    """A table whose values say where they come from: one key for all (``"S2"``), or a key for each value."""

    source: Source | dict[str, Source] | None = None

    @model_validator(mode="after")
    def _sources_name_values(self) -> Self:
        if isinstance(self.source, dict):
            fields = [field.alias or name for name, field in type(self).model_fields.items()]
            for key in self.source:
                if key not in fields:
                    raise _unknown_key(key, fields)
        return self


def _text(value: str) -> str:
    if not value.strip() or any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in value):
        raise broken("bad_text", text=value[:40])
    return value


def _basis_points(value: Any) -> object:
    plain = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if plain and Decimal(value).is_finite() and 0 < value <= 1:
        points = Decimal(value) * 10_000
        if points > 0 and points == points.to_integral_value():
            return int(points)
    raise broken("bad_ratio", value=str(value)[:40])


Text = Annotated[str, Strict(), Field(max_length=400), AfterValidator(_text)]
Code = Annotated[str, Strict(), Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Count = Annotated[int, Strict(), Field(ge=0, le=100_000)]
Positive = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Fen = Annotated[int, Strict(), Field(ge=0, le=10_000_000_000)]
"""Money: integer fen (1 yuan = 100 fen)."""
Flag = Annotated[bool, Strict()]
Ratio = Annotated[int, BeforeValidator(_basis_points)]
"""A share of people or of a cost, written 0.80 in the file and kept in basis points (8 000)."""


class Names(Closed):
    """A name or a sentence in Chinese and English."""

    zh: Text
    en: Text


class Wording(Closed):
    """A sentence of the plan's own text; where English is missing, the sentence made from the rule stands
    in."""

    zh: Text
    en: Text | None = None


class RiskClass(StrEnum):
    """职业风险: the class of work that the accident cover prices (DOMAIN 1.3 [S6])."""

    ORDINARY = "ordinary"
    HIGH = "high"


class Payer(StrEnum):
    """出资方: who may pay a line of a fee (DOMAIN 2.3)."""

    CITY_UNION = "city_union"
    DISTRICT_UNION = "district_union"
    SUBDISTRICT_UNION = "subdistrict_union"
    UNIT_UNION = "unit_union"
    EMPLOYER = "employer"
    PERSON = "person"
    PLATFORM = "platform"
    TREASURY = "treasury"
    CARD_DISCOUNT = "card_discount"
