"""The nouns of market surveillance: events, instruments, parties, signals. Needs only numpy."""
