"""Scope of money: dues and payments are seen where their unit is."""

from benefits.contributions.models import Due, Payment
from benefits.kernel.scope import scoped
from benefits.organisations.scope import by_organisation

for _model in (Due, Payment):
    scoped(_model, by_organisation)
