"""The whole model against history: cases that nobody chose, a rule that nobody tuned, baselines that know less."""
