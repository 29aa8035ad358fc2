"""Who somebody is, and what several people say about one cell."""
