"""Other ways to route calls, each after its published rule, on the router's own interface."""
