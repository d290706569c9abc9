"""The tree against RFC 9162 and against pymerkle, an implementation that is not ours."""

from __future__ import annotations

import hashlib
import random

import pymerkle
import pytest
from hypothesis import given, strategies as st
from pymerkle import InmemoryTree

from marketplace.audit import merkle

SIZES = st.integers(1, 70)


class Stored:
    """Leaves and the sub-trees stored for them, as the database keeps them."""

    def __init__(self, size: int, batches: int = 1) -> None:
        self.data = [b"entry %d" % n for n in range(size)]
        self.known = {(0, n): merkle.leaf_hash(data) for n, data in enumerate(self.data)}
        cuts = sorted({0, size, *(random.Random(size).randrange(size + 1) for _batch in range(batches - 1))})
        for start, end in zip(cuts, cuts[1:], strict=False):
            leaves = [self.known[0, n] for n in range(start, end)]
            for level, index, value in merkle.completed_nodes(start, leaves, self.known.__getitem__):
                assert (level, index) not in self.known
                self.known[level, index] = value

    def read(self, position: merkle.Position) -> bytes:
        return self.known[position]

    def theirs(self) -> InmemoryTree:
        tree = InmemoryTree(algorithm="sha256")
        for data in self.data:
            tree.append_entry(data)
        return tree


def test_the_empty_tree_and_a_single_leaf() -> None:
    assert merkle.root(0, {}.__getitem__).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(1, Stored(1).read) == hashlib.sha256(b"\0entry 0").digest()
    assert merkle.inclusion_proof(0, 1, Stored(1).read) == []


@pytest.mark.parametrize("size", [2, 3, 7, 8, 33, 64, 65])
def test_roots_equal_pymerkle(size: int) -> None:
    ours, theirs = Stored(size), Stored(size).theirs()
    for part in range(1, size + 1):
        assert merkle.root(part, ours.read) == theirs.get_root(part)


@given(SIZES, st.integers(1, 6))
def test_what_is_stored_does_not_depend_on_how_many_came_at_once(size: int, batches: int) -> None:
    assert Stored(size, batches).known == Stored(size).known


@given(st.data())
def test_inclusion_proofs_hold_and_pymerkle_holds_under_our_root(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    ours = Stored(size)
    proof, root = merkle.inclusion_proof(index, size, ours.read), merkle.root(size, ours.read)
    assert merkle.verify_inclusion(ours.known[0, index], index, size, proof, root)
    theirs = ours.theirs().prove_inclusion(index + 1, size)
    pymerkle.verify_inclusion(ours.known[0, index], root, theirs)
    assert theirs.serialize()["path"][1:] == [step.hex() for step in proof]


@given(st.data())
def test_an_inclusion_proof_proves_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    ours = Stored(size)
    proof, root = merkle.inclusion_proof(index, size, ours.read), merkle.root(size, ours.read)
    leaf = ours.known[0, index]
    assert not merkle.verify_inclusion(ours.known[0, other], index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, leaf], root)
    assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
    assert not merkle.verify_inclusion(leaf, size, size, proof, root)


@given(st.data())
def test_consistency_proofs_hold_and_agree_with_pymerkle(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    old = data.draw(st.integers(1, size))
    ours = Stored(size)
    proof = merkle.consistency_proof(old, size, ours.read)
    old_root, root = merkle.root(old, ours.read), merkle.root(size, ours.read)
    assert merkle.verify_consistency(old, size, proof, old_root, root)
    pymerkle.verify_consistency(old_root, root, ours.theirs().prove_consistency(old, size))


@given(st.data())
def test_a_rewritten_beginning_is_not_consistent(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, size - 1))
    before = Stored(size)
    rebuilt = {(0, n): before.known[0, n] for n in range(size)}
    rebuilt[0, data.draw(st.integers(0, old - 1))] = merkle.leaf_hash(b"rewritten")
    leaves = [rebuilt[0, n] for n in range(size)]
    rebuilt.update({(level, i): value for level, i, value in merkle.completed_nodes(0, leaves, rebuilt.__getitem__)})
    old_root, root = merkle.root(old, before.read), merkle.root(size, rebuilt.__getitem__)
    for proof in (
        merkle.consistency_proof(old, size, before.read),
        merkle.consistency_proof(old, size, rebuilt.__getitem__),
        [],
    ):
        assert not merkle.verify_consistency(old, size, proof, old_root, root)


def test_impossible_questions() -> None:
    ours = Stored(4)
    for index, size in ((4, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion_proof(index, size, ours.read)
    for old, size in ((0, 4), (5, 4)):
        with pytest.raises(ValueError, match="no such older"):
            merkle.consistency_proof(old, size, ours.read)
        assert not merkle.verify_consistency(old, size, [], b"", b"")
    assert not merkle.verify_consistency(3, 4, [], b"", b"")


def test_positions_are_what_is_read() -> None:
    ours = Stored(37)
    asked: list[merkle.Position] = []

    def read(position: merkle.Position) -> bytes:
        asked.append(position)
        return ours.read(position)

    merkle.consistency_proof(11, 37, read)
    assert merkle.positions(lambda any_read: merkle.consistency_proof(11, 37, any_read)) == list(dict.fromkeys(asked))
    assert merkle.peaks(37) == [(5, 0), (2, 8), (0, 36)]
