"""What is drawn needs a moment to reach the browser: where the script waits for it, and how long."""

import time

DELIVERY, HEAD_START = 0.03, 0.08  # seconds


def wait_for_delivery() -> None:
    """Let what was drawn be sent: what is not yet sent when the next drawing begins, Streamlit throws away.

    If that was part of a whole page, the browser then takes away what it has not got, and makes it anew.
    """
    time.sleep(DELIVERY)


def give_head_start() -> None:
    """Give what was just drawn the browser to itself for a moment.

    What follows it on the page would else reach the browser while it still takes in the run's beginning, and be
    drawn with it: that takes the browser as long again.
    """
    time.sleep(HEAD_START)
