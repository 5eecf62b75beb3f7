from queue_server.domain.waits.quality import FEWEST, LOOKED_AT, Quality, Tally


def counted(*within: bool) -> Tally:
    tally = Tally()
    for each in within:
        tally.count(each)
    return tally


def test_nothing_is_told_of_fewer_than_thirty() -> None:
    assert counted(*[True] * (FEWEST - 1)).quality() is None
    assert counted(*[True] * FEWEST).quality() == Quality(30, 30)


def test_the_share_is_that_of_those_called_within_their_range() -> None:
    quality = counted(*[True] * 31, *[False] * 7).quality()
    assert quality == Quality(38, 31)
    assert quality is not None
    assert quality.share == 0.82


def test_it_is_told_of_the_last_ones_alone() -> None:
    assert counted(*[False] * 50, *[True] * LOOKED_AT).quality() == Quality(LOOKED_AT, LOOKED_AT)
