"""A price-time matching engine for several instruments, in event time, with everything it tells its members."""
