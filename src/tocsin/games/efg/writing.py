"""Write extensive-form files; `reading` reads the same game back."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.games.efg.game import ExtensiveGame, FileNode


def format_efg(game: ExtensiveGame) -> str:
    """Return the text of a game's file. Details of an information set or outcome are written where it first occurs."""
    lines = [f"EFG 2 R {_text(game.title)} {{ {_texts(game.players)} }}"]
    if game.comment is not None:
        lines.append(_text(game.comment))
    described: set[object] = set()
    lines += [_node(game, node, described) for node in game.nodes]
    return "\n".join(lines) + "\n"


def _node(game: ExtensiveGame, node: FileNode, described: set[object]) -> str:
    if node.moves is None:
        return f"t {_text(node.label)} {_outcome(game, node, described)}"
    player, number = node.moves
    head = f"c {_text(node.label)} {number}" if player == 0 else f"p {_text(node.label)} {player} {number}"
    if node.moves not in described:
        described.add(node.moves)
        moves = game.sets[node.moves]
        actions = [_text(action) for action in moves.actions]
        if player == 0:
            actions = [
                f"{action} {probability}" for action, probability in zip(actions, moves.probabilities, strict=True)
            ]
        head += f" {_text(moves.label)} {{ {' '.join(actions)} }}"
    return f"{head} {_outcome(game, node, described)}"


def _outcome(game: ExtensiveGame, node: FileNode, described: set[object]) -> str:
    if node.outcome == 0 or node.outcome in described:
        return str(node.outcome)
    described.add(node.outcome)
    result = game.outcomes[node.outcome]
    return f"{node.outcome} {_text(result.label)} {{ {', '.join(map(str, result.payoffs))} }}"


def _texts(texts: Iterable[str]) -> str:
    return " ".join(map(_text, texts))


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
