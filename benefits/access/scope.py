"""Scope of the clerks of units: they are seen where their unit is."""

from benefits.access.models import OrganisationClerk
from benefits.kernel.scope import scoped
from benefits.organisations.scope import by_organisation

scoped(OrganisationClerk, by_organisation)
