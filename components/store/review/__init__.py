"""What people said: decisions, findings they accepted, what is on their screens."""
