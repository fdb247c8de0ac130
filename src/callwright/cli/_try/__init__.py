"""Reading the lines of `callwright try`."""
