"""``benefits org``: the union tree, what is changed in it, and the clerks of its units."""

import benefits.commands.org_changes
import benefits.commands.org_clerks  # noqa: F401  (each module adds its verbs)
from benefits.commands.org_reading import app

__all__ = ["app"]
