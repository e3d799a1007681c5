"""The benchmarks: all contenders agree, and a disagreement is detected."""

from pathlib import Path

import pytest

from benchmarks import counts, intake
from benchmarks.measuring import Disagreement, Effort, Timing
from benchmarks.peers.counts import ON_THEIR_OWN, PEERS, houses_cases_active
from benchmarks.report import plot, table
from geodata.sample_city import SampleCity

CASES = counts.epidemic(3_000, n_rt=40, n_days=60)


@pytest.mark.parametrize("who", PEERS)
def test_every_peer_agrees_with_us(who: str) -> None:
    counts.check(CASES, counts.ours(CASES), houses_cases_active(CASES, PEERS[who]), who)
    if who in ON_THEIR_OWN:
        counts.check(CASES, counts.ours(CASES), [ON_THEIR_OWN[who](CASES)], who)


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_one_wrong_number_is_a_disagreement(wrong: int) -> None:
    answers = houses_cases_active(CASES, PEERS["numpy"])
    answers[wrong] = answers[wrong].copy()
    answers[wrong][7, 31] += 1
    with pytest.raises(Disagreement, match="RT 7 on day 31"):
        counts.check(CASES, counts.ours(CASES), answers, "numpy")


def test_a_wrong_count_of_ours_is_a_disagreement() -> None:
    ours = counts.ours(CASES)
    houses = ours.houses.copy()
    houses[-1] -= 1
    answers = houses_cases_active(CASES, PEERS["numpy"])
    with pytest.raises(Disagreement, match="1 such"):
        counts.check(CASES, ours._replace(houses=houses), answers, "numpy")


def test_a_wrong_answer_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    numpy_peer = PEERS["numpy"]
    wrong_peers = {
        "numpy": lambda cases: numpy_peer(cases)._replace(stop=numpy_peer(cases).stop + 1)
    }
    monkeypatch.setattr(counts, "PEERS", wrong_peers)
    with pytest.raises(Disagreement):
        list(counts.measure(Effort((500,), (), 1, 500)))


def test_a_missing_peer_and_a_too_large_size_have_a_remark_and_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peers = {"numpy": PEERS["numpy"], "no-such-tool": PEERS["polars"]}
    monkeypatch.setattr(counts, "PEERS", peers)
    timings = list(counts.measure(Effort((500,), (), 1, 499)))
    remarks = {timing.contender: timing.remark for timing in timings if timing.seconds is None}
    assert remarks == {"numpy": "not run at this size", "no-such-tool": "not installed"}


def test_the_table_has_ratios_to_ours_and_remarks() -> None:
    text = table(
        [
            Timing("sums", 10, "zoning", 0.5),
            Timing("sums", 10, "numpy", 2.0),
            Timing("sums", 10, "polars", None, "not installed"),
        ]
    )
    assert "4.0 x" in text
    assert "not installed" in text


def test_the_picture_is_the_same_bytes_for_the_same_measurements(tmp_path: Path) -> None:
    timings = [Timing("sums", n, who, n * 1e-6) for n in (1, 10) for who in ("zoning", "numpy")]
    for name in ("one.svg", "two.svg"):
        plot(timings, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_repeated_records_have_other_numbers(small_sample: SampleCity) -> None:
    n = len(small_sample.cases)
    rows = intake.repeat_cases(small_sample.cases, 2 * n)
    assert rows.num_rows == 2 * n
    for column in ("case_id", "nik", "kk"):
        first, second = (
            set(rows[column].slice(offset, n).drop_null().to_pylist()) for offset in (0, n)
        )
        assert first.isdisjoint(second)
