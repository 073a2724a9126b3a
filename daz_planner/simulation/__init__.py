"""Futures: arrivals, stays, and the ensemble of what may come."""

from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.simulate import simulate

__all__ = ["Forecast", "simulate"]
