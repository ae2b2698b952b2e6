"""How runs lie in the house: what a unit pays for is seen by that unit and those above it, and the terms of a
run that is still being applied are not in force."""

from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from benefits.enrollment.models import Enrollment
from benefits.enrollment.pending import unfinished
from benefits.kernel.scope import scoped
from benefits.organisations.scope import by_organisation
from benefits.renewal.models import Decision, RenewalRun, RunState, RunTally, RunUnit

for _model in (Enrollment, RenewalRun, Decision, RunTally, RunUnit):
    scoped(_model, by_organisation)


@unfinished
def _applying() -> Select[Any]:
    return select(col(RenewalRun.id)).where(col(RenewalRun.state) == RunState.APPLYING)
