"""Facts about whole rows."""
