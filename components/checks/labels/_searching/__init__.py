"""Which rows belong together, and training models and judging labels with them, once per run."""
