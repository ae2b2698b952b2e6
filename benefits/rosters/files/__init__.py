"""A spreadsheet becomes rows: nothing here knows what the rows are about."""
