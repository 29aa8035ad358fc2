"""What stands beside a label on its card, and what cards are chosen by."""
