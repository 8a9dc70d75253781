"""Tapes on disk: Parquet and its readable twin in JSON Lines, merging and checking them."""
