"""Gaps: what is not there."""
