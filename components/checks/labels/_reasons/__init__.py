"""What stands beside flags: why, which rows are like them, how often each class is flagged."""
