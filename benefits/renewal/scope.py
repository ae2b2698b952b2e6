"""Scope of covers, dues and runs: what a unit pays for is seen by that unit and those above it."""

from benefits.contributions.models import Due
from benefits.enrollment.models import Enrollment
from benefits.kernel.scope import scoped
from benefits.organisations.scope import by_organisation
from benefits.renewal.models import Decision, RenewalRun, RunTally, RunUnit

for _model in (Enrollment, Due, RenewalRun, Decision, RunTally, RunUnit):
    scoped(_model, by_organisation)
