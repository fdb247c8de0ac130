"""Speech to text: two engines in a child process, one voice detector, one clean-up."""
