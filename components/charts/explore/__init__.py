"""Figures of the pages that look around in a table."""
