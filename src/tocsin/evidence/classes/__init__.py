"""Reference classes: past cases like an event of a case, and how often each outcome followed."""
