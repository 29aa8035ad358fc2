"""People decide about what machines suggest."""
