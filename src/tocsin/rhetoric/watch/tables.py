"""Put a replay into tables and sentences."""

from __future__ import annotations

from tocsin.rhetoric.watch.judging import Judgement
from tocsin.rhetoric.watch.replay import BEFORE, NEAR, Replay
from tocsin.tables import printable, text_table


def replay_text(replay: Replay) -> str:
    """Return the tables of a replay: alarms by year, alarms before each act, and every alarm with its reason."""
    return "\n\n".join([_rates(replay), _before_acts(replay), _alarms(replay)])


def _rates(replay: Replay) -> str:
    quiet = replay.share(near=False)
    rows = [
        [str(year), *(str(replay.share(year, near=near)) for near in (None, False, True))]
        for year in range(replay.first, replay.last + 1)
    ]
    rows.append(["all", *(str(replay.share(near=near)) for near in (None, False, True))])
    headers = ("year", "weeks that ring", "of weeks far from an act", "of weeks near an act")
    low, high = quiet.interval
    holds = "includes" if low <= replay.rate <= high else "does not include"
    lines = [
        text_table(headers, rows, right=range(1, 4)),
        "",
        f"A week is near an act if the act lies up to {-NEAR[0]} weeks after it or {NEAR[1]} weeks before it. Intervals have 90 %.",
        f"Stated rate of false alarms: {replay.rate:.1%} of weeks; the model's own, for counts are whole numbers: {replay.chance():.1%}.",
        f"Far from an act {quiet} ring: the interval {holds} the stated rate.",
        f"Far from an act, {replay.at_most(0.1)} of all judgements have a probability of at most 10 %.",
        f"Not judged for want of coverage: {len(replay.unjudged)} weeks.",
    ]
    return "\n".join(lines)


def _before_acts(replay: Replay) -> str:
    rows = [
        [str(act.date), printable(act.what), "; ".join(map(_short, replay.before(act))) or "nothing"]
        for act in replay.acts_judged
    ]
    lines = [
        text_table(("act", "what", f"alarms in the {-BEFORE[0]} weeks before its week"), rows) if rows else "no act",
        "",
        f"Acts come in runs. Of weeks with an act and none in the {-BEFORE[0]} weeks before, {replay.warned()} follow an alarm;",
        f"of weeks without an act there and then, {replay.warned_anyway()}.",
        f"Acts of all years left out, because their day is not known: {replay.undated}.",
    ]
    return "\n".join(lines)


def _short(alarm: Judgement) -> str:
    return f"{alarm.week} {alarm.target} {alarm.count} {alarm.count_items} for {alarm.count_expected:.1f}"


def _alarms(replay: Replay) -> str:
    return "\n".join(["Alarms:", *(alarm.reason for alarm in replay.alarms)]) if replay.alarms else "Alarms: none"
