"""Rows and columns that say the same twice."""
