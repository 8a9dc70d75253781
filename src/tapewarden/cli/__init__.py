"""The command line: one command per file, put together in `main`."""

from tapewarden.cli.main import main

__all__ = ["main"]
