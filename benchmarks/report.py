"""Measurements as a table and as a picture."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.measuring import OURS, Timing, installed

PEERS = ("numpy", "pandas", "polars", "duckdb", "geopandas", "shapely", "sedonadb", "polars-st")


def table(timings: Iterable[Timing]) -> str:
    """A block for each task and size: milliseconds, rate, and the ratio to our time."""
    lines = []
    for task, size in dict.fromkeys((timing.task, timing.size) for timing in timings):
        task_timings = [timing for timing in timings if (timing.task, timing.size) == (task, size)]
        our_seconds = next(
            (timing.seconds for timing in task_timings if timing.contender == OURS), None
        )
        lines += ["", f"{task}, {size:,}"]
        lines += [_line(timing, our_seconds) for timing in task_timings]
    return "\n".join(lines)


def _line(timing: Timing, our_seconds: float | None) -> str:
    if timing.seconds is None:
        return f"  {timing.contender:<30}{timing.remark}"
    rate = timing.size / timing.seconds / 1e6
    ratio = "" if our_seconds is None else f"{timing.seconds / our_seconds:>10.1f} x"
    return (
        f"  {timing.contender:<30}{timing.seconds * 1e3:>12.1f} ms{rate:>10.2f} M/s{ratio}"
        f"  {timing.remark}"
    )


def versions() -> str:
    """The compared packages with their versions."""
    return ", ".join(f"{name} {installed(name) or 'not installed'}" for name in PEERS)


def plot(timings: Sequence[Timing], path: Path) -> None:
    """Plot seconds against size on logarithmic axes, one panel per task."""
    import matplotlib as mpl  # noqa: PLC0415  (only where peers are installed)

    mpl.use("svg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    # The same measurements give the same bytes.
    mpl.rcParams["svg.hashsalt"] = "mikrozonasi"
    tasks = [
        task
        for task in dict.fromkeys(timing.task for timing in timings)
        if _has_several_sizes(timings, task)
    ]
    figure, panels = plt.subplots(
        1, len(tasks), figsize=(6 * len(tasks), 4.5), squeeze=False, layout="constrained"
    )
    for panel, task in zip(panels[0], tasks, strict=True):
        task_timings = [
            timing for timing in timings if timing.task == task and timing.seconds is not None
        ]
        for contender in dict.fromkeys(timing.contender for timing in task_timings):
            line = [
                (timing.size, timing.seconds)
                for timing in task_timings
                if timing.contender == contender
            ]
            style = {"linewidth": 3, "color": "black"} if contender.startswith(OURS) else {}
            panel.loglog(*zip(*line, strict=True), marker="o", label=contender, **style)
        panel.set_title(task, fontsize=9)
        panel.set_xlabel("rows")
        panel.set_ylabel("seconds")
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _has_several_sizes(timings: Sequence[Timing], task: str) -> bool:
    """Whether a task was measured at more than one size, so that a line can be drawn."""
    return (
        len(
            {
                timing.size
                for timing in timings
                if timing.task == task and timing.seconds is not None
            }
        )
        > 1
    )
