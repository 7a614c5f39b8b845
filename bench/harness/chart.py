"""The rows with targets as one SVG: bars on a logarithmic scale."""


def draw(rows, caption):
    """The text of an SVG file."""
    raise NotImplementedError
