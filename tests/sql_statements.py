"""Just enough of a reader of SQL to tell which tables a statement names, and which conditions hold for every row of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

type Tree = list[str | Tree]
"""Tokens; what stands in parentheses is a list of its own."""

NAME = r"(?:\w+|\"[^\"]+\")"
TOKEN = re.compile(rf"/\*.*?\*/|'(?:[^']|'')*'|{NAME}(?:\.\"[^\"]+\")+|{NAME}|%s|[^\s\w]", re.DOTALL)
ENDS_TABLES = {"WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "FOR", "WINDOW", "RETURNING", "OFFSET", "SET", "VALUES"}
JOINS = {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "ON"}
COMBINES = ("UNION", "EXCEPT", "INTERSECT")


@dataclass(slots=True)
class Statement:
    """One SELECT, UPDATE or DELETE, which may stand within another: its tables by alias and its certain conditions."""

    outer: Statement | None = None
    tables: dict[str, str] = field(default_factory=dict)
    conditions: list[Tree] = field(default_factory=list)

    def table(self, alias: str) -> str | None:
        """The table behind an alias, also one of a statement around this one."""
        found = self.tables.get(alias)
        return found if found or self.outer is None else self.outer.table(alias)

    def column(self, token: str | Tree) -> tuple[str, str] | None:
        """The alias and the name of a column, also one in parentheses; None where it is none of a table that is named."""
        while isinstance(token, list) and len(token) == 1:
            token = token[0]
        if isinstance(token, list) or '."' not in token:
            return None
        alias, name = token.split('."', 1)
        return (unquoted(alias), name.rstrip('"')) if self.table(unquoted(alias)) else None


def tree_of(sql: str) -> Tree:
    """The tokens of `sql`."""
    return _nested(iter(TOKEN.findall(sql)))


def parts_of(tree: Tree) -> list[Tree]:
    """What UNION and the like combine."""
    return _split(tree, *COMBINES)


def statement_of(tree: Tree, outer: Statement | None = None) -> Statement:
    """The tables and the certain conditions of one statement, without those within it."""
    statement = Statement(outer)
    for index in range(len(tree)):
        word = word_at(tree, index)
        if word in ("FROM", "JOIN", "USING") or (word == "UPDATE" and word_at(tree, index - 1) not in ("FOR", "DO")):
            _take_tables(tree[index + 1 :], statement)
        elif word in ("WHERE", "ON"):
            statement.conditions.extend(_certain(_until(tree[index + 1 :], ENDS_TABLES | JOINS)))
    return statement


def within(tree: Tree) -> Iterator[Tree]:
    """What stands in parentheses, directly."""
    return (child for child in tree if isinstance(child, list))


def word_at(tree: Tree, index: int) -> str:
    """The word at a place, in capitals; empty where there are parentheses or nothing."""
    token = tree[index] if 0 <= index < len(tree) else ""
    return token.upper() if isinstance(token, str) else ""


def unquoted(name: str) -> str:
    """A name without its quotes."""
    return name.strip('"')


def _nested(tokens: Iterator[str]) -> Tree:
    tree: Tree = []
    for token in tokens:
        if token == ")":
            break
        tree.append(_nested(tokens) if token == "(" else token)
    return tree


def _take_tables(tokens: Tree, statement: Statement) -> None:
    """Several tables may stand between commas; a name may be followed by its alias."""
    for part in _split(_until(tokens, ENDS_TABLES | JOINS), ","):
        names = [token for token in part if isinstance(token, str) and token.upper() not in ("AS", "ONLY")]
        if names and isinstance(part[0], str):
            statement.tables[unquoted(names[-1])] = unquoted(names[0])


def _certain(tokens: Tree) -> Iterator[Tree]:
    """The conditions between ANDs, also those in parentheses; none of a level with an OR, nor after a NOT."""
    if any(word_at(tokens, index) == "OR" for index in range(len(tokens))):
        return
    for part in _split(tokens, "AND"):
        if word_at(part, 0) == "NOT":
            continue
        if len(part) == 1 and isinstance(part[0], list) and word_at(part[0], 0) != "SELECT":
            yield from _certain(part[0])
        elif part:
            yield part


def _until(tokens: Tree, ends: set[str]) -> Tree:
    end = next((index for index in range(len(tokens)) if word_at(tokens, index) in ends), len(tokens))
    return tokens[:end]


def _split(tokens: Tree, *words: str) -> list[Tree]:
    parts: list[Tree] = [[]]
    for index, token in enumerate(tokens):
        if word_at(tokens, index) in words:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
