"""Lists of signals and cases that the server pages through, and what is decided on many of their rows."""
