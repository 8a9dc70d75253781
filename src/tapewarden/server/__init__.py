"""The surveillance server: gRPC services, their wiring, and who may call them."""
