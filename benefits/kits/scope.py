"""Scope of hand-outs: the union where the person was a member on the day."""

from benefits.kernel.scope import scoped
from benefits.kits.models import Handout
from benefits.organisations.scope import by_organisation

scoped(Handout, by_organisation)
