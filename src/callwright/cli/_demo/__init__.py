"""Loading and clearing the demo company."""
