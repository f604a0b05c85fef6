"""Ring when state media say more about a target than calendar, events and the weeks before lead one to expect."""
