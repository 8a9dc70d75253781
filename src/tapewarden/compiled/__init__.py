"""What compiled code of every package is written with: rules and kernels, typed rows, borrowed tables."""
