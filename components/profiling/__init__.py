"""Facts about a table, without judgement."""

from components.profiling.associations import associate
from components.profiling.profile import profile

__all__ = ["associate", "profile"]
