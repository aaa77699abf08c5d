"""What an operator's dashboard reads at /metrics, in Prometheus' own words.

Counts and times of this process, and of the database what waits there. No label says who.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from storage.pressure import Pressure

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds; Slack waits for three
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """A `Watcher` that counts for Prometheus."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._events = Histogram(
            "koppel_event_seconds",
            "From an event to its committed answer.",
            ["kind"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._failed = Counter(
            "koppel_event_failures", "Events that failed.", ["kind"], registry=registry
        )
        self._sends = Counter(
            "koppel_sends",
            "Tries to send a message, by how they ended; «later» is a 429.",
            ["platform", "outcome"],
            registry=registry,
        )
        self._jobs = Histogram(
            "koppel_job_seconds",
            "Turns of a job of the clock.",
            ["job"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._job_failures = Counter(
            "koppel_job_failures", "Jobs that failed.", ["job"], registry=registry
        )

    def handled(self, kind: str, seconds: float, *, failed: bool) -> None:
        self._events.labels(kind).observe(seconds)
        if failed:
            self._failed.labels(kind).inc()

    def tried(self, platform: str, outcome: str) -> None:
        self._sends.labels(platform, outcome).inc()

    def ran(self, job: str, seconds: float, *, failed: bool) -> None:
        self._jobs.labels(job).observe(seconds)
        if failed:
            self._job_failures.labels(job).inc()

    def page(self, waiting: Pressure | None) -> bytes:
        """Everything that was counted, and what waits in the database, where that is known."""
        found = generate_latest(self._registry)
        if waiting is None:
            return found
        registry = CollectorRegistry()
        registry.register(_Waiting(waiting))
        return found + generate_latest(registry)


class _Waiting(Collector):
    """What waits in the database, as it is at this moment."""

    def __init__(self, pressure: Pressure) -> None:
        self._pressure = pressure

    def collect(self) -> Iterator[Metric]:
        messages = GaugeMetricFamily(
            "koppel_queue_messages", "Messages that could leave now.", labels=["platform"]
        )
        age = GaugeMetricFamily(
            "koppel_queue_age_seconds",
            "For how long the oldest of them could have.",
            labels=["platform"],
        )
        for queue in self._pressure.queues:
            messages.add_metric([queue.platform], queue.messages)
            age.add_metric([queue.platform], queue.seconds)
        yield messages
        yield age
        yield GaugeMetricFamily(
            "koppel_due_lag_seconds",
            "Since the first question fell due that nobody was asked yet.",
            value=self._pressure.lag,
        )
