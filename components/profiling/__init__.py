"""Facts about a table, without judgement."""

from components.profiling.associations.associate import associate
from components.profiling.profile import profile

__all__ = ["associate", "profile"]
