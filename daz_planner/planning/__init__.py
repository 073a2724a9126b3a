"""Decisions: which classes run, and who goes where."""

from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan

__all__ = ["Plan", "make_plan"]
