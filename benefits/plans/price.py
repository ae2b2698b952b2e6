"""What a share costs and who pays it: integer fen, splits that add up exactly (DESIGN law 8)."""

from benefits.kernel.errors import Refused
from benefits.plans.edition import Edition, Split
from benefits.plans.vocabulary import Payer, RiskClass, Unknown


def price(edition: Edition, tier: str | None, risk: RiskClass | str | None) -> int:
    """Fen of one share for a tier and a risk class.

    Raises Refused: unknown tier, missing risk class where the fee depends on it, or a fee that is 待核实.
    """
    prices = edition.prices()
    wanted = [each for each in prices if each.tier == tier]
    if not wanted:
        tiers = sorted({each.tier for each in prices if each.tier})
        raise Refused("plans.no_tier", plan=edition.code, tier=tier or "–", tiers=", ".join(tiers) or "–")
    code = risk.value if isinstance(risk, RiskClass) else risk
    for each in wanted:
        if each.risk is None or each.risk.value == code:
            if isinstance(each.fen, Unknown):
                raise Refused("plans.fee_unknown", plan=edition.code, edition=edition.edition)
            return each.fen
    raise Refused("plans.risk_unknown", plan=edition.code, risk=code or "–")


def funding_of(edition: Edition, code: str) -> Split:
    """The split of that code. Raises Refused ``plans.no_funding`` with the known ones."""
    for split in edition.funding:
        if split.code == code:
            return split
    known = ", ".join(split.code for split in edition.funding) or "–"
    raise Refused("plans.no_funding", plan=edition.code, funding=code, known=known)


def split(edition: Edition, code: str, fen: int) -> tuple[tuple[Payer, int], ...]:
    """Who pays how much of a share that costs ``fen`` (36 = 15 + 10 + 11 [S61]); adds up to ``fen`` exactly.

    Raises Refused ``plans.no_funding``.
    """
    lines = funding_of(edition, code).lines
    fixed = sum(line.fen or 0 for line in lines)
    parts = tuple((line.payer, fen - fixed if line.rest else line.fen or 0) for line in lines)
    assert sum(part for _, part in parts) == fen, f"split {code} does not add up to {fen}"
    return parts
