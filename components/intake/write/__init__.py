"""The typed table and the cell texts on disk."""
