"""Worker processes: start one, give it a request, bound it, and say truly how it ended."""
