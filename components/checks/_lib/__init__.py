"""Shared by checks: words, statistics, features, probe models."""
