"""One case: what it rests on, what may be done about it, what was done."""
