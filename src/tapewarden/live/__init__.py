"""Surveillance as it happens: received bytes become durable, events, signals and cases, in one order."""
