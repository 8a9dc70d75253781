"""Simulated markets: what runs, what was let loose on it, and what came of that."""
