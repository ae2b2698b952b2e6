"""Kinds of rosters (花名册类别) that belong to no later feature."""
