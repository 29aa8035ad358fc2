"""Labels of which a row may have several: how they are written, judged one by one, and told."""
