import pytest

from queue_server.domain.waits.regression import OnlineRidge

ROWS = [((1.0, 0.5), 2.0), ((0.2, 1.0), -1.0), ((0.7, -0.4), 1.5), ((-1.0, 0.3), 0.1)]


def test_before_it_learned_it_says_what_its_priors_say() -> None:
    ridge = OnlineRidge([[2.0, 0.5], [0.0, -1.0]], 10.0, 1.0)
    assert (ridge.predict((1.0, 2.0), 0), ridge.predict((1.0, 2.0), 1)) == (3.0, -2.0)


def test_after_all_observations_the_weights_are_those_of_a_ridge_regression_towards_the_prior() -> None:
    """The normal equations (X'X + p I) w = X'y + p w0, solved by hand for two inputs."""
    precision, prior = 3.0, (0.4, -0.2)
    ridge = OnlineRidge([list(prior)], precision, 1.0)
    for inputs, truth in ROWS:
        ridge.learn(inputs, [truth], 1.0)
    a = sum(x[0] * x[0] for x, _ in ROWS) + precision
    b = sum(x[0] * x[1] for x, _ in ROWS)
    d = sum(x[1] * x[1] for x, _ in ROWS) + precision
    left = sum(x[0] * y for x, y in ROWS) + precision * prior[0]
    right = sum(x[1] * y for x, y in ROWS) + precision * prior[1]
    determinant = a * d - b * b
    assert ridge.weights[0] == pytest.approx(
        [(d * left - b * right) / determinant, (a * right - b * left) / determinant]
    )


def test_an_observation_of_weight_two_counts_like_two() -> None:
    twice, heavy = OnlineRidge([[0.0, 0.0]], 5.0, 1.0), OnlineRidge([[0.0, 0.0]], 5.0, 1.0)
    for inputs, truth in ROWS:
        twice.learn(inputs, [truth], 1.0)
        twice.learn(inputs, [truth], 1.0)
        heavy.learn(inputs, [truth], 2.0)
    assert heavy.weights[0] == pytest.approx(twice.weights[0])


def test_what_fades_is_overtaken_by_what_is_new() -> None:
    """The truth changes from 1 to 3; the one that forgets is nearer to 3."""
    lasting, fading = OnlineRidge([[0.0]], 1.0, 1.0), OnlineRidge([[0.0]], 1.0, 0.9)
    for truth in [1.0] * 30 + [3.0] * 15:
        for ridge in (lasting, fading):
            ridge.learn((1.0,), [truth], 1.0)
    assert 1.0 < lasting.predict((1.0,), 0) < 2.0 < fading.predict((1.0,), 0) < 3.0
