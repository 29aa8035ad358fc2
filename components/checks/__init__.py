"""Judgements: one folder per concern, one file per check; the only room with the models."""
