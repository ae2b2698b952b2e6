"""Scope of what names people: hand-outs, by the union where the person was that day; wishes, by the unit
that they came from; lists and the year's value, by the person, whom they follow into another union.
Campaigns, stations and stock are read by everybody."""

from benefits.kernel.scope import scoped
from benefits.kits.models import Entitled, Message
from benefits.kits.models_handout import Allowance, Handout
from benefits.members.scope import by_member
from benefits.organisations.scope import by_organisation

scoped(Handout, by_organisation)
scoped(Message, by_organisation)
scoped(Entitled, by_member)
scoped(Allowance, by_member)
