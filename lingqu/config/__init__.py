"""Settings, addresses, and the wiring of events."""
