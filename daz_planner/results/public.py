"""What a shared version may tell: which counts of a plan are of persons, and which are hidden.

A shared version leaves the office.  It has no row and no id of a child, and no number from which a
group of 1 to 3 persons could be told.  It is made of a list of tables that are allowed
(:mod:`daz_planner.results.public_tables`); whatever is new in a result stays out until somebody
puts it there.

**Counts of persons** are today's pupils and guests of a school, the children of today's list, and
whatever is made of them: an expectation at the reference date *is* the count of today, and later on
it is that count times a share that can be looked up, so a school that is hidden is hidden in all
months.  **Forecasts** are of nobody yet; they are hidden below 4 so that no reader takes them for
such a group, and what is hidden of a school is no sum less the others in any month.

* *School, seats in use.*  Shown is one number a month: pupils of today, children of the list and
  forecast together, never the parts.  A school is hidden where its pupils of today are 1 to 3, or
  these with the children of the list who have a seat there, at the reference date or later;
  further schools of the type are hidden so that the sum of the type does not give it back, those
  with the fewest classes first.  What the pupils of today alone ask for is hidden in every version
  of the same input, whatever the scenario.  A school with 1 to 3 expected pupils in any month is
  hidden too, and again further schools until the sum gives none of them back in any month.
* *Seats* of a hidden school are its classes times the class cap: as told by the office they are its
  pupils and its reserve.
* *School type.*  Where that cannot be reached, the sum of the type is hidden, with its need; then
  the sums of all types are hidden too.
* *Waiting.*  Need at the reference date less seats in use then are the children who wait.  Where
  in any month 1 to 3 children of today's list wait in a type, its need is hidden, and with it the
  sums of all types; waiting is told by school type only.
* *Everything else of persons stays out*: Zuweisung, Verteilung (a way of 1,0 is a child),
  Ausgangszahlen, phases by type, regular classes, changes against an earlier plan (they name
  children), worths of bottlenecks and sites, values of goals, reasons in which children are
  counted, hints and warnings, the plan itself.  Bands of single schools stay out because at the
  reference date they would tell the list from the pupils; names and checksums of the input because
  who guesses a small file could try the guess.

That nothing can be computed back is checked each time before anything is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daz_planner.errors import ConservationError
from daz_planner.results.figures import school_types, schools_of
from daz_planner.results.public_sums import Line, Shown, is_small, protect, protect_later, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daz_planner.planning.plan import Plan

HIDDEN = "•"
"""What stands for a number that is not shown."""
FEW = "unter 4"
"""What stands for a sum that is somebody, but fewer than four."""
LEGEND = (
    f"{HIDDEN}: nicht gezeigt, weil es 1 bis 3 Kinder sind oder weil sich eine solche Zahl sonst "
    f"ausrechnen ließe. {FEW}: im Mittel weniger als vier."
)


@dataclass(frozen=True)
class Shared:
    """A plan with what of it a shared version shows.

    Attributes
    ----------
    schools:
        By school type: which schools are hidden (positions among those of the type), and whether
        the sum of the type is shown.
    hidden_need:
        School types whose need is hidden because few children of today's list wait.
    """

    plan: Plan
    schools: dict[str, Line]
    hidden_need: frozenset[str]

    def shows_school(self, s: int) -> bool:
        """Whether the seats in use at a school are shown."""
        kind = self.plan.district.schools[s].school_type
        return schools_of(self.plan, kind).index(s) not in self.schools[kind].hidden

    def shows_type(self, kind: str) -> bool:
        """Whether the seats in use of a school type are shown."""
        return kind not in self.schools or self.schools[kind].shows_sum

    def shows_need(self, kind: str) -> bool:
        """Whether the need of a school type is shown."""
        return self.shows_type(kind) and kind not in self.hidden_need

    @property
    def shows_all_types(self) -> bool:
        """Whether the seats in use of all types together are shown."""
        return all(line.shows_sum for line in self.schools.values())

    @property
    def shows_all_need(self) -> bool:
        """Whether the need of all types together is shown."""
        return self.shows_all_types and not self.hidden_need

    @property
    def hidden_schools(self) -> int:
        """How many schools are hidden."""
        return sum(len(line.hidden) for line in self.schools.values())

    @property
    def hidden_types(self) -> tuple[str, ...]:
        """School types of which seats in use or need are hidden."""
        return tuple(kind for kind in school_types(self.plan) if not self.shows_need(kind))


def share(plan: Plan) -> Shared:
    """Decide what a shared version of a plan shows.

    Raises
    ------
    ConservationError
        A hidden count could be computed back (a bug); nothing may be written then.
    """
    counts, later = known_counts(plan), expected_counts(plan)
    lines = {}
    for kind in school_types(plan):
        own = schools_of(plan, kind)
        if own:
            order = sorted(range(len(own)), key=lambda n: int(plan.classes[own[n], 0]))
            known = protect([[month[s] for s in own] for month in counts], order)
            months = [[month[s] for s in own] for month in later]
            lines[kind] = protect_later(known, months, order)
    few = {kind for (kind, _), count in waiting_counts(plan).items() if is_small(count)}
    shared = Shared(_without_reserves(plan, lines), lines, frozenset(few))
    check_hidden(shared)
    return shared


def _without_reserves(plan: Plan, lines: dict[str, Line]) -> Plan:
    """The plan with seats of hidden schools that follow from their classes alone."""
    seats = plan.seats.copy()
    for kind, line in lines.items():
        own = schools_of(plan, kind)
        rows = [own[n] for n in sorted(line.hidden)]
        seats[rows] = (plan.classes * plan.class_cap)[rows]
    return replace(plan, seats=seats)


def known_counts(plan: Plan) -> list[list[int]]:
    """Persons known today who have a seat at each school, at the reference date and later on.

    First pupils and guests of today, which no plan changes; then these with the children of the
    list who are seated at once; then, for each month in which further children of the list get a
    seat, these with all before them.
    """
    counts = [[round(float(v)) for v in use[:, 0]] for use in (plan.use_today, plan.use)]
    seats = [seat for seat in plan.children if seat.school is not None and seat.month]
    for month in sorted({seat.month for seat in seats if seat.month is not None}):
        new = Counter(seat.school for seat in seats if seat.month == month)
        counts.append([count + new[s] for s, count in enumerate(counts[-1])])
    return counts


def expected_counts(plan: Plan) -> list[list[int]]:
    """Seats in use of each school by month, whole as they are shown; fewer than 1 is 1."""
    return [
        [max(1, round(use)) if is_small(use) else round(use) for use in month]
        for month in plan.use.T.tolist()
    ]


def waiting_counts(plan: Plan) -> Counter[tuple[str, int]]:
    """(school type, month) → children of today's list who wait."""
    counts: Counter[tuple[str, int]] = Counter()
    for place in plan.waiting:
        counts[place.school_type, place.month] += place.listed
    return counts


def check_hidden(shared: Shared) -> None:
    """Compute back what is hidden from all that is shown; raise where a small count is found.

    The reader is taken to know that each hidden count is of somebody.
    """
    today = _waiting_today(shared.plan)
    views = [(counts, today) for counts in known_counts(shared.plan)]
    # Later on each month is a view of its own, and nobody is known who waits.
    views += [(counts, dict.fromkeys(today, 0)) for counts in expected_counts(shared.plan)[1:]]
    for counts, waiting in views:
        small = {f"Schule {s}" for s, count in enumerate(counts) if is_small(count)}
        small |= {f"wartet {kind}" for kind, count in waiting.items() if is_small(count)}
        least = {f"Schule {s}": 1 for s, count in enumerate(counts) if count}
        found = ranges(_shown(shared, counts, waiting), least)
        if any(low == high for low, high in (found[name] for name in small & set(found))):
            raise ConservationError(
                "In der öffentlichen Fassung ließe sich eine Zahl von 1 bis 3 Kindern ausrechnen.",
                remedy="Das ist ein Fehler des Programms, nicht der Eingabe. Es wurde keine "
                "öffentliche Fassung geschrieben.",
            )


def _waiting_today(plan: Plan) -> dict[str, int]:
    counts = waiting_counts(plan)
    return {kind: counts[kind, 0] for kind in school_types(plan)}


def _shown(shared: Shared, counts: list[int], waiting: dict[str, int]) -> Iterator[Shown]:
    """Every sum of persons of one month that a shared version shows."""
    plan = shared.plan
    kinds = school_types(plan)
    names = {kind: tuple(f"Schule {s}" for s in schools_of(plan, kind)) for kind in kinds}
    sums = {kind: sum(counts[s] for s in schools_of(plan, kind)) for kind in kinds}
    for s, count in enumerate(counts):
        if shared.shows_school(s) and not is_small(count):
            yield Shown((f"Schule {s}",), count)
    for kind in kinds:
        if not is_small(waiting[kind]):
            yield Shown((f"wartet {kind}",), waiting[kind])
        if shared.shows_type(kind) and names[kind]:
            yield Shown(names[kind], sums[kind])
        if shared.shows_need(kind):
            yield Shown((*names[kind], f"wartet {kind}"), sums[kind] + waiting[kind])
    every = tuple(name for kind in kinds for name in names[kind])
    waits = tuple(f"wartet {kind}" for kind in kinds)
    if shared.shows_all_types and every:
        yield Shown(every, sum(sums.values()))
    if shared.shows_all_need:
        yield Shown((*every, *waits), sum(sums.values()) + sum(waiting.values()))
