"""Random extensive games, equal for equal seeds on all machines: they use Python's own generator."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tocsin.games.efg import ExtensiveGame, FileNode, FileOutcome, MoveSet
from tocsin.games.efg.game import SetKey

Own = tuple[tuple[SetKey, int], ...]


class _Maker:
    """Grows a tree from its root, each node before its successors, and merges decisions where perfect recall permits it."""

    def __init__(self, random: Random, players: int, max_nodes: int, merging: float) -> None:
        self.random, self.players, self.max_nodes, self.merging = random, players, max_nodes, merging
        self.nodes: list[FileNode] = []
        self.sets: dict[SetKey, MoveSet] = {}
        self.outcomes: dict[int, FileOutcome] = {}
        self.alike: dict[tuple[int, Own, int], list[SetKey]] = {}
        self.missing = 1

    def grow(self, depth: int, own: dict[int, Own]) -> None:
        actions = self.random.randint(2, 3)
        room = len(self.nodes) + self.missing + actions <= self.max_nodes
        if not room or (depth > 0 and self.random.random() < 0.15 + 0.08 * depth):
            self.missing -= 1
            self.nodes.append(FileNode(label="", moves=None, outcome=self._outcome()))
            return
        player = self.random.choice([0, *range(1, self.players + 1), *range(1, self.players + 1)])
        key = self._set(player, own.get(player, ()), actions)
        self.missing += actions - 1
        extra = self._outcome() if self.random.random() < 0.1 else 0
        self.nodes.append(FileNode(label="", moves=key, outcome=extra))
        for action in range(actions):
            self.grow(depth + 1, {**own, player: (*own.get(player, ()), (key, action))} if player else own)

    def _set(self, player: int, own: Own, actions: int) -> SetKey:
        candidates = self.alike.setdefault((player, own, actions), [])
        if player and candidates and self.random.random() < self.merging:
            return self.random.choice(candidates)
        key = (player, 1 + sum(other[0] == player for other in self.sets))
        probabilities: tuple[Fraction, ...] = ()
        if player == 0:
            weights = [self.random.randint(1, 5) for _ in range(actions)]
            probabilities = tuple(Fraction(weight, sum(weights)) for weight in weights)
        self.sets[key] = MoveSet(label="", actions=tuple("abc"[:actions]), probabilities=probabilities)
        candidates.append(key)
        return key

    def _outcome(self) -> int:
        number = len(self.outcomes) + 1
        payoffs = tuple(Fraction(self.random.randint(-12, 12), 4) for _ in range(self.players))
        self.outcomes[number] = FileOutcome(label="", payoffs=payoffs)
        return number


def random_game(seed: int, *, hidden: bool) -> ExtensiveGame:
    """Return a game of 2 to 4 players and chance with 3 to 60 nodes; `hidden`: some information set has several decisions."""
    random = Random(seed)
    while True:
        players = random.randint(2, 4)
        maker = _Maker(random, players, random.randint(3, 60), 0.6 if hidden else 0.0)
        maker.grow(0, {})
        moves = [node.moves for node in maker.nodes if node.moves is not None and node.moves[0] > 0]
        if moves and (len(set(moves)) < len(moves)) == hidden:
            return ExtensiveGame(
                title=f"random {seed}",
                players=tuple("ABCD"[:players]),
                comment="",
                sets=maker.sets,
                outcomes=maker.outcomes,
                nodes=tuple(maker.nodes),
            )
