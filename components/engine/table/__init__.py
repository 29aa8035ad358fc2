"""The typed table: what may be asked of it."""
