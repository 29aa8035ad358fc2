"""Checks, what they saw and found, what people decided, and the verdict."""
