"""All table models and their scope, imported once, in the order of the house."""

import benefits.access.models
import benefits.audit.models
import benefits.contributions.models
import benefits.enrollment.models
import benefits.members.models
import benefits.members.scope
import benefits.organisations.models
import benefits.organisations.scope
import benefits.plans.models
import benefits.renewal.models
import benefits.renewal.scope  # noqa: F401
