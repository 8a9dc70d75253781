"""Where market data comes in: files today, feeds tomorrow. Adapters hand batches to a sink of the domain."""
