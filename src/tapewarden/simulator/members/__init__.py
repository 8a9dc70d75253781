"""People on a market who are written in Python: they see the book, act after their delay, profit or lose."""
