"""What checks found, a page per concern."""
