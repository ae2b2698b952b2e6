"""Why a person is not renewed (不续原因): the reasons of the house, and how all reasons of a run become bits
of one number.

Reasons of DESIGN 7. Those of a plan's own rules (``plans.compile.arms``) get the bits from ``FIRST_RULE_BIT``
on, two for each arm: not met, and data missing (资料缺失). A run keeps its own table of what each bit means
(``RunReason``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from benefits.kernel.messages import text
from benefits.plans.compile import Arm
from benefits.plans.edition import Edition
from benefits.plans.words import named, sentence

FIRST_RULE_BIT = 20
_LAST_BIT = 61


@dataclass(frozen=True, slots=True)
class Reason:
    """One bit of ``Decision.reasons``. ``overridable``: a clerk may include the person in spite of it, with a
    word why."""

    bit: int
    code: str
    rule_id: str
    say_zh: str
    say_en: str

    @property
    def mask(self) -> int:
        return 1 << self.bit


HOUSE_CODES: tuple[str, ...] = (
    "deceased",
    "retired",
    "left",
    "transferred_out",
    "not_a_member",
    "already_covered",
    "exclusive_plan",
    "duplicate_union",
    "claimed_out",
    "over_max_shares",
    "no_price",
    "unit_below_ratio",
    "not_submitted",
    "plan_ended",
    "own_window",
    "unit_closed",
)
"""Reasons of the house by bit: position in this tuple. Append only: runs keep their bits."""

BITS: dict[str, int] = {code: bit for bit, code in enumerate(HOUSE_CODES)}
MASKS: dict[str, int] = {code: 1 << bit for code, bit in BITS.items()}
UNIT_MASK = MASKS["unit_below_ratio"] | MASKS["not_submitted"]
"""Reasons that come from the unit and not from the person's own facts."""
NEVER_INCLUDED = frozenset(
    {
        "deceased",
        "already_covered",
        "no_price",
        "plan_ended",
        "not_a_member",
        "exclusive_plan",
        "unit_closed",
    }
)
"""Reasons that no clerk can set aside: the database or the money would contradict."""


def house_reasons() -> tuple[Reason, ...]:
    """The reasons that every run has."""
    return tuple(
        Reason(bit, code, "", text(f"renewal.reason.{code}", "zh"), text(f"renewal.reason.{code}", "en"))
        for code, bit in BITS.items()
    )


@dataclass(frozen=True, slots=True)
class RuleArm:
    """A rule's arm, compiled for one day, with its two reasons."""

    arm: Arm
    failed: Reason
    missing: Reason


def number_arms(
    groups: Iterable[tuple[int, tuple[Arm, ...]]],
) -> dict[int, tuple[tuple[Reason, Reason], ...]]:
    """Give bits to the arms of a run's editions (``(edition id, arms)``): (failed, missing) for each arm, in
    order. The arms of one edition on two days differ only in their bounds, so an edition is numbered once."""
    numbered: dict[int, tuple[tuple[Reason, Reason], ...]] = {}
    bit = FIRST_RULE_BIT
    for edition_id, arms in groups:
        if edition_id in numbered:
            continue
        found = []
        for arm in arms:
            assert bit + 1 <= _LAST_BIT, "the editions of a run have more rules than a decision has bits"
            failed = Reason(bit, arm.reason_code, arm.rule_id, *_words("renewal.rule_failed", arm))
            missing = Reason(bit + 1, "data_missing", arm.rule_id, *_words("renewal.rule_missing", arm))
            found.append((failed, missing))
            bit += 2
        numbered[edition_id] = tuple(found)
    return numbered


def number_classes(
    numbered: dict[int, tuple[tuple[Reason, Reason], ...]], groups: Iterable[tuple[int, Edition]]
) -> dict[int, Reason]:
    """The next bits, for people who may belong to an edition's class: a fact that it asks for is missing."""
    bit = FIRST_RULE_BIT + 2 * sum(len(pairs) for pairs in numbered.values())
    found: dict[int, Reason] = {}
    for edition_id, edition in groups:
        assert edition.added_class is not None and bit <= _LAST_BIT
        if edition_id not in found:
            said, test = edition.added_class.say, edition.added_class.test
            words_of = {lang: named(said, sentence(test, lang), lang) for lang in ("zh", "en")}
            told = [text("renewal.class_missing", lang, rule=words_of[lang]) for lang in ("zh", "en")]
            found[edition_id] = Reason(bit, "data_missing", "class", told[0], told[1])
            bit += 1
    return found


def _words(key: str, arm: Arm) -> tuple[str, str]:
    """What is wrong and which rule says so, in Chinese and English."""
    code = f"plans.reason.{arm.reason_code}"
    return (
        text(key, "zh", reason=text(code, "zh"), rule=arm.say.zh),
        text(key, "en", reason=text(code, "en"), rule=arm.say.en),
    )
