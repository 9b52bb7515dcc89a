"""Who decides in which order: chains, signatures, votes."""
