"""The sidebar of every page: the table at hand, running work."""
