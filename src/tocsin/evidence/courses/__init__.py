"""The course of a dispute between two states in a year after the data: five models that differ in kind."""
