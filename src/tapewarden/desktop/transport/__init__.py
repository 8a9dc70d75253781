"""The way between the server and the window: one thread that never touches Tk, and boxes it fills."""
