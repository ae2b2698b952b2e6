"""The tests: they mirror the house, and every test of the database runs on both engines."""
