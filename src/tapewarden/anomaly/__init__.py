"""What is unusual without a rule for it: features of behavior, a model that scores them, and its reasons."""
