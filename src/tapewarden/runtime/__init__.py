"""Loading configuration and detectors, replaying tapes, and holding detectors to their contract."""
