"""What the pages show of the pictures themselves."""

import numpy as np


def test_viewers_see_the_colours_of_the_camera(show):
    camera = show.studio.quadrant_colours("[data-test=tile] video")
    seen = lambda: show.watch.quadrant_colours("video[data-test=program]")
    show.watch.wait(lambda: np.abs(seen() - camera).max() <= 8, f"the programme shows {camera.tolist()}")
