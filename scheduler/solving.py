"""A round is solved where it keeps nobody waiting: a large one in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bot.matching import Outcome, Profile, Rules, match

# Pairs up to which a thread will do: while it solves 3,000 × 1,500, others wait 0.1 s at most; at
# 10,000 × 5,000 they would wait longer than a second, and at 100,000 for minutes.
HERE = 2**23
PAUSE = 0.5  # seconds between two looks at a process

Beat = Callable[[float], None]  # hears how far it is, again and again; what it raises ends it


def solve(people: Sequence[Profile], rules: Rules, seed: int, beat: Beat) -> Outcome:
    """The best pairs, as `match` finds them. Whatever `beat` raises ends it, and is raised."""
    mentees, mentors = sum(p.mentee for p in people), sum(p.mentor for p in people)
    if mentees * mentors <= HERE:
        return match(people, rules, seed, progress=beat)
    return _apart(people, rules, seed, beat)


def _apart(people: Sequence[Profile], rules: Rules, seed: int, beat: Beat) -> Outcome:
    context = get_context("spawn")  # a fork would take our threads' locks along
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(tells, people, rules, seed), daemon=True)
    process.start()
    tells.close()
    try:
        return _follow(hears, beat)
    finally:
        process.kill()
        process.join()
        process.close()
        hears.close()


def _follow(hears: Connection, beat: Beat) -> Outcome:
    """EOFError when the process died, for want of memory perhaps."""
    done = 0.0
    while True:
        if hears.poll(PAUSE):
            match hears.recv():
                case float() as done:
                    pass
                case Outcome() as outcome:
                    return outcome
                case Exception() as error:
                    raise error
        beat(done)


def _work(tells: Connection, people: Sequence[Profile], rules: Rules, seed: int) -> None:
    """In the process: once nobody listens any more, telling fails, and that is the end of it."""
    try:
        tells.send(match(people, rules, seed, progress=tells.send))
    except BrokenPipeError:
        return
    except Exception as error:
        tells.send(error)
