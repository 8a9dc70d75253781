"""The nouns of market surveillance: events, instruments, parties, signals. Standard library and numpy only."""
