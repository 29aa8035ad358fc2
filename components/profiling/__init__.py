"""Facts about a table, without judgement."""

from components.profiling.profile import profile

__all__ = ["profile"]
