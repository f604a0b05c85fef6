"""Check sentences in a small controlled form against public data sets."""
