"""Users, roles, sessions, audit."""
