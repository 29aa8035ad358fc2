"""Where doubted labels heap up: values, sources and times that hold more of them than others."""
