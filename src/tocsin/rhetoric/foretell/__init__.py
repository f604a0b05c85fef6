"""Test whether words of state media foretell acts: forecasts by calendar, by the record of acts, and by words."""
