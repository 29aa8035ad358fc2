"""The page of rows."""
