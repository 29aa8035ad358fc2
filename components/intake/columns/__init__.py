"""What a column is: its format, kind, role and name."""
