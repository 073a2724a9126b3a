"""The sheets of ``plan.xlsx``, one module a sheet or a family of sheets."""
