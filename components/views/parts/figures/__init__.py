"""Figures on screen: drawn, downloaded, selected from."""
