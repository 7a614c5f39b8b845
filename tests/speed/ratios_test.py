"""What ratios.py makes of ratios, without measuring."""

import ratios


class Measured:
    """Gives `short` ratios first and `longer` ones the second time."""

    def __init__(self, short, longer=None):
        self._left = [short, longer or {}]
        self.asked = []

    def __call__(self, effort, wanted):
        self.asked.append((effort, wanted))
        return self._left.pop(0).items()


RECORDED = {"PutRecord": 0.9, "GetRecords": 0.5}


def test_a_ratio_within_the_margin_passes():
    assert ratios.check(Measured({"PutRecord": 0.55, "GetRecords": 0.31}), RECORDED) == 0


def test_a_low_ratio_is_looked_at_again_for_longer_and_alone():
    measured = Measured({"PutRecord": 0.5, "GetRecords": 0.5}, {"PutRecord": 0.8})
    assert ratios.check(measured, RECORDED) == 0
    assert measured.asked == [(ratios.SHORT, None), (ratios.LONGER, ["PutRecord"])]


def test_a_ratio_that_stays_low_fails_and_says_which(capsys):
    assert ratios.check(Measured({"PutRecord": 0.5}, {"PutRecord": 0.5}), RECORDED) == 1
    assert "FAILED: PutRecord: 0.50 of nginx, recorded 0.90" in capsys.readouterr().out


def test_a_ratio_that_was_never_recorded_fails():
    assert ratios.check(Measured({"other": 1.0}, {"other": 1.0}), RECORDED) == 1
