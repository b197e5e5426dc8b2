"""What `tickfolio help` says: the product's own commands, one line each."""

from __future__ import annotations

COMMANDS = {
    "run": "starts Tickfolio: pages, live prices and their feed in one process",
    "web": "serves pages by several processes, where PostgreSQL and Valkey are",
    "feeds": "reads the feeds for them; a second one waits and takes over",
    "worker": "works in the background for them",
    "explain": "a figure of a portfolio as a tree down to its facts",
    "verify": "compares all that is derived with what facts say; writes nothing",
    "rebuild": "drops all that is derived, and works it out again",
    "user": "who may sign in, and who is the operator",
    "actions": "corporate actions: records, withdraws or lists them",
    "history": "how far finished days have been fetched; fetches anew or cancels",
    "routes": "the feeds of single instruments, where they have an order of their own",
    "delist": "the instruments that are traded no more: marks one, or takes it back",
    "backup": "the whole instance in one file, also while it runs",
    "restore": "the instance as a backup has it",
    "migrate": "brings the database to this version, after a backup",
    "demo": "makes the demo's owner and portfolios",
    "evaluate": "answers scenarios, and compares; needs no database",
    "watch": "live quotes in the terminal, from any Tickfolio; needs no database",
}
"""Each command with what it does, in the order of the help."""

_WIDTH = max(map(len, COMMANDS)) + 2


def overview() -> str:
    """The help of all of `tickfolio`; it needs no database and no settings."""
    lines = [f"  {name:<{_WIDTH}}{does}" for name, does in COMMANDS.items()]
    return "\n".join(
        (
            "Usage: tickfolio COMMAND [options]",
            "",
            *lines,
            "",
            "`tickfolio COMMAND --help` lists the options of a command. All but evaluate and watch take --data DIR: where the",
            "database is kept, `--data .data` after `./dev run`, or `--data .data-live` where feeds were named.",
            "`tickfolio help --commands` names the commands of Django, which are there as well.",
            "",
        )
    )
