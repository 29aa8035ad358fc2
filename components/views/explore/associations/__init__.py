"""The page of associations."""
