"""Participation of a unit (参保率) against an edition's group rule (DOMAIN 0.3)."""

from typing import Literal

from benefits.plans.edition import Edition
from benefits.plans.vocabulary import Unknown

State = Literal["met", "below", "unknown", "none"]


def required_people(edition: Edition, basis: int) -> int | None:
    """How many of ``basis`` people must join; None where the edition leaves the rule 待核实.

    "≥50 %, units under 30 all in" [S6]: 29 → 29, 30 → 15, 31 → 16.
    """
    rule = edition.participation
    if rule is None:
        return 0
    if isinstance(rule.basis, Unknown) or isinstance(rule.ratio, Unknown):
        return None
    if isinstance(rule.all_in_below, Unknown) or isinstance(rule.min_people, Unknown):
        return None
    if rule.all_in_below is not None and basis < rule.all_in_below:
        return basis
    return max(-(-basis * rule.ratio // 10_000), rule.min_people or 0)


def state(edition: Edition, basis: int | None, joined: int) -> State:
    """met | below | unknown (the rule or the head-count is not known: reported, never enforced) | none
    (voluntary)."""
    if edition.participation is None:
        return "none"
    required = None if basis is None else required_people(edition, basis)
    if required is None:
        return "unknown"
    return "met" if joined >= required else "below"
