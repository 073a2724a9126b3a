"""How far a plan can be from the best one: „optimal“ only where the solver proved it.

A plan that the time limit cut off carries one remark, the same words wherever it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.plan import SolveStatus
from daz_planner.results.goals import goal_name, types_text

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan, StageResult


def cut_off_remark(plan: Plan) -> str:
    """That the time limit cut the plan off, with the gap where it is known; else empty."""
    if not plan.hit_limit:
        return ""
    return (
        f"Diese Rechnung wurde am Zeitlimit abgebrochen und ist so kein Plan ({_distance(plan)})."
    )


def _distance(plan: Plan) -> str:
    unknown = [stage for stage in open_stages(plan) if stage.gap is None]
    known = [stage for stage in open_stages(plan) if stage.gap is not None]
    parts = []
    if unknown:
        parts.append(f"Abstand zum Optimum nicht bekannt, {where(unknown[0])}")
    elif known:
        worst = widest(known)
        far = german.percent_at_most(worst.gap or 0.0)
        parts.append(f"höchstens {far} vom Optimum entfernt, {where(worst)}")
    skipped = skipped_stages(plan)
    if skipped:
        goals = german.plural(len(skipped), "Ziel", "Ziele")
        parts.append(f"{goals} nicht gerechnet")
    return "; ".join(parts)


def open_stages(plan: Plan) -> list[StageResult]:
    """Goals that were solved, but not to the proof."""
    return [s for s in plan.stages if s.status in (SolveStatus.WITHIN_GAP, SolveStatus.LIMIT)]


def skipped_stages(plan: Plan) -> list[StageResult]:
    """Goals for which no time was left."""
    return [stage for stage in plan.stages if stage.status is SolveStatus.NOT_RUN]


def widest(stages: list[StageResult]) -> StageResult:
    """The goal with the largest gap."""
    return max(stages, key=lambda stage: stage.gap or 0.0)


def where(stage: StageResult) -> str:
    """School type and goal."""
    return f"{types_text(stage.school_type)}, Ziel „{goal_name(stage.goal)}“"
