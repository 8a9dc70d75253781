"""Ingest by HTTP for producers without gRPC: JSON, signed, with the same validation and acknowledgments."""
