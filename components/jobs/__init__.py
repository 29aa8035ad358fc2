"""One job is one operating-system process: start, watch, stop."""
