"""One module for each scenario, with `def measure(plan) -> Iterable[Row]`."""
