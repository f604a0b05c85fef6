"""Forecasts of dated events: made from what was known on a day, sealed, and scored when they are due."""
