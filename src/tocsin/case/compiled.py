"""Tests of a case, ready to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.case.distributions import Distribution
from tocsin.case.nodes import Node
from tocsin.reading import Loc


@dataclass(frozen=True)
class Test:
    """A test of a claim or of one of its parts.

    Attributes:
        node: the test as a tree; every quantity names its theatre, and its group of identical judgements if it has one.
        thresholds: values over which the threshold is swept; empty if the test reads no threshold.
        central: the threshold of the main verdict; None if the test reads no threshold.
        unit: of the thresholds, as written.
        means: the author's words for the central threshold; empty if there are none.
        alike: the claim's group of identical judgements.
        as_judged: the test with every input as judged, if it has such a group.
        chance: whether the tree is not a test but a number, the chance in each world that the claim comes true.
    """

    __test__ = False  # pytest must not collect it

    node: Node
    thresholds: tuple[float, ...] = ()
    central: float | None = None
    alike: str | None = None
    unit: str = "1"
    means: str = ""
    as_judged: Node | None = None
    chance: bool = False

    @property
    def plain(self) -> Node:
        """The same test with every input as judged."""
        return self.node if self.as_judged is None else self.as_judged


@dataclass(frozen=True)
class RivalTests:
    """What rival explanations and arguments predict, ready to be evaluated.

    Attributes:
        tests: by path in the file of an observation or a prediction; those that nobody can know yet are absent.
        chances: by path in the file of a chance or a strength of dependence.
    """

    tests: Mapping[Loc, Node] = field(default_factory=dict)
    chances: Mapping[Loc, Distribution] = field(default_factory=dict)
