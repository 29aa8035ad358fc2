"""Archives and compressed streams, unpacked within bounds."""
