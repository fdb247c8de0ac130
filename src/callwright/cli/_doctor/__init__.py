"""What `callwright doctor` looks at: one file per subject, each registering its checks."""
