"""What an actor did on an instrument, and what the instrument did, in windows of event time, as numbers."""
