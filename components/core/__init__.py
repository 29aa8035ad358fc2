"""The vocabulary: standard library and numpy only; imports nothing of ours."""
