"""How the server is: whether it can write, and what a monitoring system wants to count.

Nothing here knows a person: labels are ids of the profile, names of endpoints and codes of the program, so their
number is bounded as well.
"""

from queue_server.health.hall_metrics import HallMetrics
from queue_server.health.measuring import CutReason, Metrics
from queue_server.health.readiness import Pulse, Readiness

__all__ = ["CutReason", "HallMetrics", "Metrics", "Pulse", "Readiness"]
