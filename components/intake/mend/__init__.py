"""Records that do not fit the table."""
