"""Lets `python -m tapewarden` do what the `tapewarden` command does."""

from tapewarden.cli import main

main()
