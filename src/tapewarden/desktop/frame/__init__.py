"""What is around every view: the bars, the status line, and what opens above them."""
