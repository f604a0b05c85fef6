"""Who prevails: outcomes of disputes given what both sides have."""
