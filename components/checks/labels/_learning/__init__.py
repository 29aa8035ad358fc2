"""Whether a label can be learned: asked of models, and said in findings."""
