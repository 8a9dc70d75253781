"""A market that can be manipulated: an exchange, agents who trade on it, and labelled misconduct."""
