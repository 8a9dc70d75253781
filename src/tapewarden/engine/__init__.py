"""The event-time kernel: books, order lives, activity, acts, and the loop that runs detectors over them."""
