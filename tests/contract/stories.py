"""How a story is told: on the loop on which its stage lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any


def story(told: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @wraps(told)
    def run(*, runner: asyncio.Runner, **given: Any) -> None:
        async def tell() -> None:
            await told(**given)

        runner.run(tell())

    asked = signature(told)
    needs = [*asked.parameters.values(), Parameter("runner", Parameter.KEYWORD_ONLY)]
    run.__signature__ = asked.replace(parameters=needs)  # type: ignore[attr-defined]
    return run
