"""The page of columns."""
