"""Market surveillance for crypto markets: order flow in, explained and reproducible signals out."""

__version__ = "0.1.0"
