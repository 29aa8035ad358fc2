"""What reviewed labels bring to models."""
