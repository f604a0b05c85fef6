"""Name the models that say how likely war is between two states."""

from __future__ import annotations

from collections.abc import Mapping

GAME, BARGAINING, AUDIENCE, SPIRAL, RECORD = "moves", "bargaining", "audience", "spiral", "record"
MODELS: Mapping[str, str] = {
    GAME: "three moves, payoffs from history",
    BARGAINING: "bargaining in private information",
    AUDIENCE: "audience costs and extended deterrence",
    SPIRAL: "spiral of beliefs",
    RECORD: "the pair's record alone",
}
"""The models by key, with the names of their forecasts in the back-test."""
FORCES = (GAME, AUDIENCE)
"""The models in which the forces of the two sides enter."""
BEGIN, ANSWER, WAR = "begin", "answer", "war"
OUTCOMES: Mapping[str, str] = {
    BEGIN: "begins a dispute within the year",
    ANSWER: "acts in return, if a dispute begins",
    WAR: "begins a dispute within the year that comes to war",
}
"""What the models say of the challenger or, for an answer, of the target."""
