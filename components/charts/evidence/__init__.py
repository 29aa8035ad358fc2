"""One figure and one sentence per shape of evidence."""
