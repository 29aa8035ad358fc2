"""From bytes to an immutable dataset version."""
