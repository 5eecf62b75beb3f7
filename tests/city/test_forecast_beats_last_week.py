"""The forecast must be better than what anybody can do without it."""

from pathlib import Path

from tests.bench.forecasting import replay


def test_the_forecast_beats_the_same_weekday_of_last_week(tmp_path: Path) -> None:
    found = replay(tmp_path / "year")
    print(f"\nWAPE of an hour: forecast {found.forecast:.1%}, last week {found.last_week:.1%}")
    assert found.people > 10_000
    assert found.forecast < 0.85 * found.last_week
    assert found.two_weeks_ahead < 0.9 * found.last_week
