"""Hostility between two states as their record of disputes shows it: a rate that recent disputes raise and quiet years lower."""
