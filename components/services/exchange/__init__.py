"""Questions to people go out to other tools for annotation, and their answers come in."""
