"""Evidence as small still pictures for the report."""
