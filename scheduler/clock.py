"""The clock: ticks the jobs. It keeps no state, so a restart loses nothing."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot.content import Content
from bot.core.watching import NOBODY, Watcher
from scheduler import digest, retention, upkeep
from scheduler.announcing import announce
from scheduler.erasing import write_down
from scheduler.latecomers import tell_of_latecomers
from scheduler.linking import join_confirmed
from scheduler.nudges import nudge
from scheduler.parting import tell_of_closed_accounts
from scheduler.rounds import Moment, Stopped, compute_requested, remind_of_promised_rounds
from scheduler.steady import Every, keep_going
from scheduler.surveys import open_and_close_waves
from scheduler.talks import remind_of_talks
from scheduler.votes import watch_votes
from scheduler.wishes import run_wishes
from scheduler.workspaces import tell_of_pauses
from storage import (
    committees,
    computing,
    due,
    erasures,
    links,
    mentorships,
    programmes,
    rounds,
    sending,
    surveys,
    talks,
    waiting,
    waves,
    wishings,
    workspaces,
)
from storage.database import Database
from storage.looking import Look, Waits
from storage.outages import Away

MOST_RUNS = 1_000  # of one job at one tick; more means that it never finishes
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """`run` does a bounded batch of what is due and not yet done, and says how much that was."""

    name: str
    every: timedelta
    waits: Waits
    run: Callable[[Session, datetime, Content], int]


@dataclass(frozen=True)
class LongJob:
    """`run` works for minutes, in short transactions of its own, and ends early once it is stopped;
    it says how much was done. It is not begun while nothing `waits`."""

    name: str
    every: timedelta
    waits: Callable[[Session, datetime], bool]
    run: Callable[[Database, Moment, Stopped], int]


LONG_JOBS = (
    LongJob("rounds", timedelta(seconds=2), lambda s, _: computing.waits(s), compute_requested),
    LongJob(
        "wishes", timedelta(seconds=5), lambda s, now: bool(wishings.to_do(s, now)), run_wishes
    ),
    LongJob("retention", timedelta(hours=1), retention.waits, retention.keep_no_longer),
    LongJob("erasures", timedelta(seconds=20), lambda s, _: erasures.waits(s), write_down),
)
JOBS = (
    Job("announcements", timedelta(seconds=2), rounds.WAITS, announce),
    Job("waves", timedelta(minutes=5), waves.WAITS, lambda s, now, _: open_and_close_waves(s, now)),
    Job("nudges", timedelta(minutes=1), due.WAITS | surveys.WAITS, nudge),
    Job(
        "digests",
        timedelta(minutes=1),
        digest.WAITS,
        lambda s, now, _: digest.weekly_digests(s, now),
    ),
    Job("votes", timedelta(minutes=1), committees.WAITS, lambda s, now, _: watch_votes(s, now)),
    Job("talks", timedelta(minutes=1), talks.WAITS, lambda s, now, _: remind_of_talks(s, now)),
    Job(
        "promised rounds",
        timedelta(hours=1),
        programmes.ROUND_WAITS,
        lambda s, now, _: remind_of_promised_rounds(s, now),
    ),
    Job(
        "latecomers",
        timedelta(hours=1),
        waiting.WAITS,
        lambda s, now, _: tell_of_latecomers(s, now),
    ),
    Job("pauses", timedelta(minutes=1), workspaces.WAITS, lambda s, now, _: tell_of_pauses(s, now)),
    Job(
        "partings",
        timedelta(minutes=5),
        mentorships.WAITS,
        lambda s, now, _: tell_of_closed_accounts(s, now),
    ),
    Job("links", timedelta(seconds=5), links.WAITS, lambda s, now, _: join_confirmed(s, now)),
    Job("upkeep", timedelta(hours=1), upkeep.WAITS, lambda s, now, _: upkeep.tidy(s, now)),
)


LOOK = Look([job.waits for job in JOBS])


def run_long_job(database: Database, job: LongJob, now: Moment, stopped: Stopped) -> int:
    """Run one long job until nothing is due, or until it is stopped; how much was done."""
    total = 0
    for _ in range(MOST_RUNS):
        with database.look() as session:
            waits = job.waits(session, now())
        if stopped() or not waits:
            break
        if not (done := job.run(database, now, stopped)):
            break
        total += done
    return total


def run_job(database: Database, job: Job, content: Content, now: datetime) -> int:
    """Run one job until nothing is due, a transaction a batch; how much was done."""
    total = 0
    for _ in range(MOST_RUNS):
        with database.transaction() as session:
            done = job.run(session, now, content)
        total += done
        if not done:
            break
    return total


def run_jobs(database: Database, content: Content, now: datetime) -> int:
    """Every job once: for the simulated workspace and the tests, which wind the clock. Mostly nothing
    is due, so one look tells of all jobs which of them may have something to do."""
    total, begun = 0, -1
    with database.look() as session:
        long = [job for job in LONG_JOBS if job.waits(session, now)]
        due_now = LOOK.waiting(session, now)
    for job in long:
        total += run_long_job(database, job, lambda: now, lambda: False)
        due_now = _due(database, now)
    while left := [place for place in due_now if place > begun]:
        begun = left[0]
        total += run_job(database, JOBS[begun], content, now)
        due_now = _due(database, now)  # what one does may be for another to go on with
    return total


def idle(database: Database, moments: Sequence[datetime]) -> int:
    """How many of these moments, which come after each other, no job and no letter waits for: so a
    clock that is wound need not stop at them. What is looked at hourly waits for the next stop."""
    soon = [job for job in LONG_JOBS if job.every < timedelta(hours=1)]
    with database.look() as session:
        for number, now in enumerate(moments):
            if (
                LOOK.waiting(session, now)
                or any(job.waits(session, now) for job in soon)
                or sending.queues(session, now)
            ):
                return number
    return len(moments)


def _due(database: Database, now: datetime) -> list[int]:
    """The places of the jobs that may have something to do."""
    with database.look() as session:
        return LOOK.waiting(session, now)


@dataclass
class Ticking:
    """The clock at work."""

    scheduler: AsyncIOScheduler
    stopped: threading.Event = field(default_factory=threading.Event)
    long_jobs: set[asyncio.Future[int]] = field(default_factory=set)
    steady: asyncio.Task[None] | None = None

    def pause(self) -> None:
        """Begin nothing more, and ask what takes long to stop."""
        self.scheduler.pause()
        self.stopped.set()

    async def long_jobs_end(self) -> None:
        await asyncio.gather(*self.long_jobs, return_exceptions=True)

    def shutdown(self) -> None:
        if self.steady:
            self.steady.cancel()
        self.scheduler.shutdown(wait=False)


def start(
    database: Database,
    content: Content,
    now: Callable[[], datetime],
    post: Callable[[], Awaitable[object]],
    post_every: timedelta = timedelta(seconds=1),
    watcher: Watcher = NOBODY,
) -> Ticking:
    """Tick every job at its own pace, and the post; what takes long has a thread of its own."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    ticking = Ticking(scheduler)

    async def run(job: Job | LongJob) -> None:
        began, failed = time.monotonic(), False
        structlog.contextvars.bind_contextvars(trace=f"{job.name}-{secrets.token_hex(3)}")
        try:
            if isinstance(job, Job):
                await database.write(lambda: run_job(database, job, content, now()))
                return
            working = asyncio.ensure_future(
                asyncio.to_thread(run_long_job, database, job, now, ticking.stopped.is_set)
            )
            ticking.long_jobs.add(working)
            working.add_done_callback(ticking.long_jobs.discard)
            await asyncio.shield(working)
        except Away:
            failed = True
        except Exception as error:  # the other jobs, and the next tick, must go on
            failed = True
            log.error("job.failed", job=job.name, error=type(error).__name__)
        finally:
            watcher.ran(job.name, time.monotonic() - began, failed=failed)

    for job in (*LONG_JOBS, *JOBS):
        scheduler.add_job(run, Every(job.every), [job], id=job.name)
    scheduler.add_job(post, Every(post_every), id="post")
    scheduler.start()
    ticking.steady = asyncio.create_task(keep_going(scheduler))
    return ticking
