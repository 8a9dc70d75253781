"""A price-time matching engine for several instruments, in event time, and what it tells its members."""
