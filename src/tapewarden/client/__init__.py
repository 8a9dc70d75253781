"""Typed clients of a tapewarden server: nouns of the domain in and out, no protobuf."""

from tapewarden.client.connection import DEFAULT_ADDRESS, Connection, TlsFiles, answering

__all__ = ["DEFAULT_ADDRESS", "Connection", "TlsFiles", "answering"]
