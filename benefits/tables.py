"""All table models and their scope, imported once, in the order of the house."""

import benefits.access.models
import benefits.access.scope
import benefits.audit.models
import benefits.contributions.models
import benefits.contributions.scope
import benefits.enrollment.models
import benefits.kits.models
import benefits.kits.scope
import benefits.members.models
import benefits.members.scope
import benefits.organisations.models
import benefits.organisations.scope
import benefits.plans.models
import benefits.renewal.models
import benefits.renewal.scope
import benefits.rosters.models
import benefits.rosters.scope  # noqa: F401
