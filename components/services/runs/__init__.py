"""Runs: start the checks, watch them, read what they found."""
