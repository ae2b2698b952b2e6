"""All invariants of the house (``benefits verify``), each one query."""

from benefits.access.invariants import INVARIANTS as ACCESS
from benefits.audit.invariants import INVARIANTS as AUDIT
from benefits.contributions.invariants import INVARIANTS as CONTRIBUTIONS
from benefits.enrollment.invariants import INVARIANTS as ENROLLMENT
from benefits.kernel.unit import ReadUnit
from benefits.kernel.verify import Invariant, InvariantResult, check
from benefits.kits.invariants import INVARIANTS as KITS
from benefits.kits.invariants_campaigns import INVARIANTS as CAMPAIGNS
from benefits.kits.invariants_package import INVARIANTS as PACKAGES
from benefits.kits.invariants_stock import INVARIANTS as STOCK
from benefits.members.invariants import INVARIANTS as MEMBERS
from benefits.organisations.invariants import INVARIANTS as ORGANISATIONS
from benefits.renewal.invariants import INVARIANTS as RENEWAL

INVARIANTS: tuple[Invariant, ...] = (
    *ORGANISATIONS,
    *ACCESS,
    *MEMBERS,
    *ENROLLMENT,
    *CONTRIBUTIONS,
    *RENEWAL,
    *KITS,
    *CAMPAIGNS,
    *STOCK,
    *PACKAGES,
    *AUDIT,
)


def verify(unit: ReadUnit) -> tuple[InvariantResult, ...]:
    """Check every invariant (全库核对). Raises Refused ``kernel.verify_needs_all`` for a limited scope."""
    return check(unit, INVARIANTS)
