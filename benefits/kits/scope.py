"""Scope of what names people: hand-outs and lists, by the union where the person is or was; wishes, by
the unit that they came from; the year's value, by the person. Campaigns, stations and stock are read by
everybody."""

from benefits.kernel.scope import scoped
from benefits.kits.models import Entitled, Message
from benefits.kits.models_handout import Allowance, Handout
from benefits.members.scope import by_member
from benefits.organisations.scope import by_organisation

scoped(Handout, by_organisation)
scoped(Entitled, by_organisation)
scoped(Message, by_organisation)
scoped(Allowance, by_member)
