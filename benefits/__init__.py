"""benefits: member benefits and mutual aid (职工互助保障) for the clerks of a trade-union federation."""

__version__ = "0.1.0"
