"""Measurements of the main job against the floor of the database and a peer; see ``bench.renewal``."""
