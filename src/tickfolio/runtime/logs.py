"""Logs: one line an event, as JSON for machines or in columns for people; the standard library's loggers go the same way."""

from __future__ import annotations

import logging
import sys
import warnings

import structlog

from tickfolio.runtime.database_reach import is_out_of_reach
from tickfolio.runtime.pool_log import POOL_LOGGER, PoolOutages

PROBE = "/readyz"
"""Asked every few seconds; what it answers is for who asks."""
_MARKS: dict[str, object] = {}
_CLIENTS_FAULTS = ("Invalid UTF-8 sequence received from client", "ASGI callable returned without completing handshake")


def configure_logs(log_format: str, *, level: int = logging.INFO) -> None:
    """Sets up logging for the whole process, as ``json`` or ``console``; standard output is left to answers."""
    shared: list[structlog.typing.Processor] = [
        _marked,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(log_format)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Django says so of every static file: WhiteNoise hands it an open file, which is read in a thread, as it should be.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    # A line per socket and request would drown the rest; what matters of them is logged by the product itself.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # What any client can bring about must not fill the disk.
    logging.getLogger("uvicorn.error").addFilter(_is_not_a_clients_fault)
    pool = logging.getLogger(POOL_LOGGER)
    pool.setLevel(logging.INFO)  # that it is well again it says as information
    pool.filters = [PoolOutages()]
    logging.getLogger("django.request").addFilter(_without_trace_of_an_outage)
    # A wrong Host is answered with 400; a traceback for each would let anyone fill the disk.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)


def mark_lines(**marks: object) -> None:
    """Has every line of this process say `marks` from now on: also those of threads, which know of no request or socket."""
    _MARKS.update(marks)


def _marked(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {**event, **_MARKS}


def _is_not_a_clients_fault(record: logging.LogRecord) -> bool:
    """False for what uvicorn logs as errors: a message of invalid UTF-8 (closed with 1007), and a refused handshake.

    A refusal with a document of its own looks to uvicorn like an application that forgot to answer.
    """
    return not str(record.msg).startswith(_CLIENTS_FAULTS)


def _without_trace_of_an_outage(record: logging.LogRecord) -> bool:
    """Where a request failed for want of the database, a line says all: why is in a line of its own. What a probe answered is none."""
    if not record.exc_info and isinstance(record.args, tuple) and record.args[-1:] == (PROBE,):
        return False
    if isinstance(record.exc_info, tuple) and is_out_of_reach(record.exc_info[1]):
        record.exc_info = None
    return True


def _last(log_format: str) -> list[structlog.typing.Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        # Without the values of local variables: a password may be among them.
        tracebacks = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        return [drop, tracebacks, structlog.processors.JSONRenderer()]
    traceback = structlog.dev.plain_traceback
    return [drop, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=traceback)]
