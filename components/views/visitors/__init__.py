"""Who visits, and how that is known."""
