"""Text messages to customers: outbox, opt-out."""
