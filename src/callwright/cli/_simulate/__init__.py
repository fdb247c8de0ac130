"""What `callwright simulate` prints."""
