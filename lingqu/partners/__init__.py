"""The profile of a firm as a partner: certificate, contract, area, representative."""
