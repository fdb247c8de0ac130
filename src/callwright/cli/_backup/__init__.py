"""What a backup holds, how it is written, checked and brought back."""
