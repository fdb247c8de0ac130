"""Ready replies: groups, versions, approval, search, import, voices."""
