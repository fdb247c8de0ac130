"""A day of traffic through the router's own decision: days, engine, figures. Pure but `files`."""
