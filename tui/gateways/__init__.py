"""The rest of the only door to services (网关): functions that take the ``Gateway``, by area."""
