"""What views show, worked out without a window: no module in here knows of Tk."""
