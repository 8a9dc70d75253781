"""Market replay: a window of the past, moved through event by event."""
