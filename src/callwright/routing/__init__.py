"""Who gets which call: the decision, and the offers that carry it out."""
