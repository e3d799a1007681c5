"""Measurements as a table and as a picture."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.measuring import OURS, Timing, installed

PEERS = ("numpy", "pandas", "polars", "duckdb", "geopandas", "shapely", "sedonadb", "polars-st")


def table(timings: Iterable[Timing]) -> str:
    """A block a work and size: seconds, rate, and how many times longer than ours."""
    lines = []
    for work, size in dict.fromkeys((one.work, one.size) for one in timings):
        own = [one for one in timings if (one.work, one.size) == (work, size)]
        base = next((one.seconds for one in own if one.who == OURS), None)
        lines += ["", f"{work}, {size:,}"]
        lines += [_line(one, base) for one in own]
    return "\n".join(lines)


def _line(one: Timing, base: float | None) -> str:
    if one.seconds is None:
        return f"  {one.who:<30}{one.remark}"
    rate = one.size / one.seconds / 1e6
    times = "" if base is None else f"{one.seconds / base:>10.1f} x"
    return f"  {one.who:<30}{one.seconds * 1e3:>12.1f} ms{rate:>10.2f} M/s{times}  {one.remark}"


def versions() -> str:
    """What is compared, with versions."""
    return ", ".join(f"{name} {installed(name) or 'not installed'}" for name in PEERS)


def plot(timings: Sequence[Timing], path: Path) -> None:
    """Seconds against size, a panel a work, both axes by tens."""
    import matplotlib as mpl  # noqa: PLC0415  (only where peers are installed)

    mpl.use("svg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    # The same picture of the same measurements, byte for byte.
    mpl.rcParams["svg.hashsalt"] = "mikrozonasi"
    works = [work for work in dict.fromkeys(one.work for one in timings) if _sizes(timings, work)]
    figure, panels = plt.subplots(
        1, len(works), figsize=(6 * len(works), 4.5), squeeze=False, layout="constrained"
    )
    for panel, work in zip(panels[0], works, strict=True):
        own = [one for one in timings if one.work == work and one.seconds is not None]
        for who in dict.fromkeys(one.who for one in own):
            line = [(one.size, one.seconds) for one in own if one.who == who]
            style = {"linewidth": 3, "color": "black"} if who.startswith(OURS) else {}
            panel.loglog(*zip(*line, strict=True), marker="o", label=who, **style)
        panel.set_title(work, fontsize=9)
        panel.set_xlabel("rows")
        panel.set_ylabel("seconds")
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _sizes(timings: Sequence[Timing], work: str) -> bool:
    """Whether a work has a line to draw: more than one size."""
    return len({one.size for one in timings if one.work == work and one.seconds is not None}) > 1
