"""What the server knows, made into the messages of those who watch."""
