"""Facts about one column."""
