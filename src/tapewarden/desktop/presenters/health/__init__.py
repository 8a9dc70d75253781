"""How well a server sees: what it cannot see, and what waits in it."""
