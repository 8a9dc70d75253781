"""Lets `python -m tapewarden` do what the `tapewarden` command does."""

from tapewarden.cli.main import main

main()
