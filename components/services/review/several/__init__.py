"""Several items that are alike, decided with one press."""
