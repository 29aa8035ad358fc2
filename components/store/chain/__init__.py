"""Whether the history is as it was written: hashes, and what they are held against."""
