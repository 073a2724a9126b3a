"""The back-test: forecasts from what was known on past days, against what came.

:mod:`~daz_planner.simulation.backtest.observed` finds the counts of past days,
:mod:`~daz_planner.simulation.backtest.known` builds the district as it was known then,
:mod:`~daz_planner.simulation.backtest.simple` has the methods to beat,
:mod:`~daz_planner.simulation.backtest.run` puts them side by side, and
:mod:`~daz_planner.simulation.backtest.measures` says how far off each was.
"""
