"""Estimating the assumptions of a scenario from the district's own rosters and counts."""
