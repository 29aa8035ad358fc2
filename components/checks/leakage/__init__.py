"""Columns that know the answer already."""
