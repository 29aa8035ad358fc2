"""Whether the labels can be believed."""
