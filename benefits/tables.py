"""All table models, their scope, and what is left at a unit that closes, imported once, in the order of the
house."""

import benefits.access.clerks
import benefits.access.models
import benefits.access.scope
import benefits.audit.models
import benefits.contributions.models
import benefits.contributions.scope
import benefits.enrollment.merging
import benefits.enrollment.models
import benefits.kits.blocks
import benefits.kits.merging
import benefits.kits.models
import benefits.kits.models_handout
import benefits.kits.models_stock
import benefits.kits.scope
import benefits.members.closing
import benefits.members.models
import benefits.members.scope
import benefits.organisations.models
import benefits.organisations.scope
import benefits.plans.models
import benefits.renewal.blocks
import benefits.renewal.merging
import benefits.renewal.models
import benefits.renewal.scope
import benefits.rosters.blocks
import benefits.rosters.merging
import benefits.rosters.models
import benefits.rosters.scope  # noqa: F401
