"""Values and files that are not what they should be."""
