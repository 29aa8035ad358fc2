"""How every figure looks: frame, colours, texts."""
