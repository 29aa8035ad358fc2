"""Figures: the only room that imports plotly."""
