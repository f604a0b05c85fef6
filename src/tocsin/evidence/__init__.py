"""What history says: estimators of strategic interaction, who prevails, how firm alliances are, how often governments turn."""
