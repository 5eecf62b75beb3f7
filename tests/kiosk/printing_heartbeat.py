"""A patched process that prints one slip and counts the beats of its event loop meanwhile: WORKER ADDRESS."""

import sys
import warnings

warnings.simplefilter("ignore")
if sys.argv[1] == "eventlet":
    import eventlet

    eventlet.monkey_patch()
else:
    from gevent import monkey

    monkey.patch_all()

import threading  # noqa: E402
import time  # noqa: E402

from PIL import Image  # noqa: E402

from kiosk.printing import PrintQueue, printer_of  # noqa: E402

beats = 0
over = threading.Event()


def beat() -> None:
    global beats
    while not over.is_set():
        beats += 1
        time.sleep(0.001)


def draw() -> Image.Image:
    """Work that yields to nobody, long enough for beats if it does not hold up the loop."""
    picture = Image.new("L", (576, 4000), 255)
    for _ in range(40):
        picture = picture.rotate(180)
    return picture.convert("1")


heart = threading.Thread(target=beat)
heart.start()
result = PrintQueue(printer_of(sys.argv[2])).submit("one", draw)
over.set()
heart.join()
print(result.printed, beats)
