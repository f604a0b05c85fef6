"""Outcomes of disputes and wars, given the capability of both sides."""
