"""Rosters (花名册): spreadsheets in and out, checked, applied as a batch, undone."""
