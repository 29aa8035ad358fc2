"""Findings on screen: cards, the drawer, the verdict."""
