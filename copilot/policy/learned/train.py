"""Trains the learned matcher: ``python -m copilot.policy.learned.train policies``. A development tool.

Owns training, calibration and the report; needs scikit-learn (extra ``train``), which nothing else imports. The same
sentences give the same weights.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from copilot.policy.compile import compile_rules
from copilot.policy.fold import Folder
from copilot.policy.judge import excuses
from copilot.policy.learned.features import NOTHING, features
from copilot.policy.learned.model import FILE, Learned
from copilot.policy.learned.sentences import AGENTS, EVERYDAY, Sentence, fingerprint, sentences
from copilot.policy.learned.sums import counting
from copilot.policy.load import open_folders
from copilot.policy.model import Wording
from copilot.policy.surroundings import Excuses
from copilot.policy.tables import Tables

FOLDS = 5
SEED = 20261128
_PENALTY = 0.3
_OTHERS_WEIGH = 1.0
"""What an allowed or ordinary text of another family weighs beside one of the family."""
_FALSE = (0.045, 0.0015)
"""The most false alarms among the family's allowed texts and among agents' ordinary messages, out of sample."""
_OTHER_BOUNDS = {
    "absolute_claim": (0.05, 0.0005),
    "abuse": (0.06, 0.001),
    # Near misses that take the fault on are excused by their words and count here as quiet; those left are the hardest.
    "blame_shift": (0.06, 0.001),
    "off_platform": (0.03, 0.001),
    # Our own near misses are harder than those of strangers, of whose 180 this family blocked three.
    "review_inducement": (0.08, 0.001),
    "over_authority": (0.02, 0.0003),
    "false_promise": (0.03, 0.0004),
}
_MARGIN = 0.15
_OTHER_MARGINS = {"absolute_claim": 0.05, "personal_data": 0.25}
"""How far above those bounds a score must be: strangers' ordinary messages are louder than our own. Of 300 of theirs 11
were blocked without it and 5 with it; of 240 violations one more was passed over. Who is asked for an order's number is
asked in the words that ask for a card's."""
# Untyped as far as it is used here.
_sparse: Any = importlib.import_module("scipy.sparse")
_ROUNDS = 5
_LOUD_WEIGHS = 2.0
"""How often a model is fitted anew with the ordinary sentences it finds, and what each of those weighs."""
_QUIET = -9.0
"""The score of a text that its rule excuses."""
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sentences with their feature matrix."""

    found: list[Sentence]
    bases: list[str]
    matrix: Any
    excuses: dict[str, Excuses]
    """By model what keeps the rule quiet that asks for it."""


def read(folders: Sequence[Path]) -> Corpus:
    """The sentences of ``folders``, folded and turned into features."""
    found = sentences(folders)
    opened = open_folders(folders)
    rules = [sourced.rule for sourced in opened.rules().values()]
    compiled = compile_rules(rules, opened.fold(), opened.rules())
    folder = Folder(Tables(**compiled["tables"]))
    lists = {name: tuple(words) for name, words in compiled["lists"].items()}
    bases = [folder.fold(one.text).base for one in found]
    asked = [(matcher.model, rule) for rule in rules for matcher in rule.matchers if isinstance(matcher, Wording)]
    quiet = {model: kept for model, rule in asked if (kept := excuses(rule, folder, lists)) is not None}
    return Corpus(found, bases, matrix(bases), quiet)


def matrix(bases: Sequence[str]) -> Any:
    """One row a text: how often each feature occurs, over the root of their number; pairs by themselves."""
    indices: list[NDArray[np.int64]] = []
    values: list[Scores] = []
    lengths = [0]
    for base in bases:
        found = features(np.array([*map(ord, base), 1], dtype=np.uint32))
        length = lengths[-1]
        for rows in (np.concatenate([found.runs.ravel(), found.words.ravel()]), found.pairs.ravel()):
            rows = rows[rows != NOTHING]
            unique, counts = np.unique(rows, return_counts=True)
            indices.append(unique)
            values.append(counts / np.sqrt(max(len(rows), 1)))
            length += len(unique)
        lengths.append(length)
    return _sparse.csr_matrix((np.concatenate(values), np.concatenate(indices), lengths), shape=(len(bases), NOTHING))


def fit(rows: Any, labels: NDArray[np.bool_], weights: Scores) -> tuple[Scores, float]:
    """Weights per feature and the bias of one family."""
    seen = np.asarray((rows != 0).sum(axis=0)).ravel()
    rarity = np.where(seen > 0, np.log((1 + rows.shape[0]) / (1 + seen)), 0.0)
    # A feature that only one text has says nothing about the next one.
    rarity[seen < 2] = 0.0
    model: Any = LinearSVC(C=_PENALTY, class_weight="balanced", random_state=SEED, max_iter=3000)
    model.fit(rows.multiply(rarity[None, :]).tocsr(), labels, sample_weight=weights)
    return np.asarray(model.coef_[0] * rarity, dtype=np.float64), float(model.intercept_[0])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The texts from which one family learns: all its own and everybody's allowed ones."""

    rows: NDArray[np.int64]
    """Their places in the corpus."""
    labels: NDArray[np.bool_]
    """Whether they violate."""
    own: NDArray[np.bool_]
    """Whether they were written for this family."""
    everyday: NDArray[np.bool_]
    """Whether they are ordinary messages of either side."""
    agents: NDArray[np.bool_]
    """Whether they are ordinary messages of agents."""

    @property
    def weights(self) -> Scores:
        """What each of them weighs."""
        return np.where(self.own, 1.0, _OTHERS_WEIGH)


def chosen(corpus: Corpus, family: str) -> Chosen:
    """The texts for ``family``."""
    found = [(at, one) for at, one in enumerate(corpus.found) if one.family == family or not one.violates]
    return Chosen(
        rows=np.array([at for at, _ in found], dtype=np.int64),
        labels=np.array([one.violates for _, one in found], dtype=np.bool_),
        own=np.array([one.family == family for _, one in found], dtype=np.bool_),
        everyday=np.array([one.family in {EVERYDAY, AGENTS} for _, one in found], dtype=np.bool_),
        agents=np.array([one.family == AGENTS for _, one in found], dtype=np.bool_),
    )


def out_of_sample(corpus: Corpus, family: str, texts: Chosen) -> Scores:
    """The highest score of each text's sentences by a model that has not seen the text."""
    scores = np.zeros(len(texts.rows))
    folds: Any = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(texts.rows, texts.labels.astype(int) + 2 * texts.own):
        model, bias = fit(corpus.matrix[texts.rows[train]], texts.labels[train], texts.weights[train])
        learned = packed([family], model[:, None], np.array([bias]), np.array([0.0]))
        places: list[int] = texts.rows[test].tolist()
        scores[test] = [highest(learned, corpus.bases[at]) for at in places]
    return scores


def excused(corpus: Corpus, family: str, texts: Chosen) -> NDArray[np.bool_]:
    """Which texts take on what they speak of, so that the family's rule keeps quiet whatever their score."""
    if family not in corpus.excuses:
        return np.zeros(len(texts.rows), dtype=np.bool_)
    places: list[int] = texts.rows.tolist()
    return np.array([corpus.excuses[family].takes_on(corpus.bases[at]) for at in places], dtype=np.bool_)


def highest(learned: Learned, base: str) -> float:
    """The score of the sentence that is most like a violation, the whole text counted as one as well."""
    found = features(np.array([*map(ord, base), 1], dtype=np.uint32))
    return float(learned.best(found, np.array([len(base)]))[0, 0])


def settled(corpus: Corpus, family: str, texts: Chosen, ordinary: Sequence[str], least: float) -> tuple[Scores, float]:
    """A model of all texts, fitted again with every sentence of an ordinary message that it finds from ``least`` on.

    A short sentence of a longer message ("Of course.") hardly counts in the features of that message, but is judged
    alone; one that is found would raise the threshold for everything.
    """
    # The library is untyped; what leaves this function is arrays.
    rows: Any = corpus.matrix[texts.rows]
    labels, weights = texts.labels, texts.weights
    column, bias = fit(rows, labels, weights)
    for _ in range(_ROUNDS - 1):
        model = packed([family], column[:, None], np.array([bias]), np.array([least]))
        loud = [base[first:last] for base in ordinary for first, last in model.spans(base).get(family, ())]
        if not loud:
            break
        rows = _stacked(rows, matrix(loud))
        labels = np.append(labels, np.zeros(len(loud), dtype=np.bool_))
        weights = np.append(weights, np.full(len(loud), _LOUD_WEIGHS))
        column, bias = fit(rows, labels, weights)
    return column, bias


def _stacked(above: Any, below: Any) -> Any:
    return _sparse.vstack([above, below]).tocsr()


def threshold(scores: Scores, texts: Chosen, bounds: tuple[float, float]) -> float:
    """The least score that keeps both kinds of false alarms within their bounds."""
    least = -0.5
    for among, most in zip((texts.own & ~texts.labels, texts.agents), bounds, strict=True):
        ranked = np.sort(scores[among])[::-1]
        least = max(least, float(ranked[int(most * len(ranked))]) + 1e-6 if len(ranked) else least)
    return least


def packed(names: Sequence[str], weights: Scores, bias: Scores, thresholds: Scores) -> Learned:
    """Weights as whole numbers of one byte, with a step per family."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    rows = np.zeros((NOTHING + 1, len(names)), dtype=np.int8)
    rows[:NOTHING] = np.rint(weights / scale)
    return Learned(tuple(names), counting(rows, len(names)), scale, bias, thresholds, "")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the policies folders named on the command line and write the weights into the last one."""
    parser = argparse.ArgumentParser(description="Train the learned matcher.")
    parser.add_argument("folders", nargs="+", type=Path, help="policies folders, the shipped one first")
    folders: list[Path] = parser.parse_args(arguments).folders
    corpus = read(folders)
    names = sorted({one.family for one in corpus.found if one.violates})
    columns: list[Scores] = []
    biases: list[float] = []
    thresholds: list[float] = []
    for name in names:
        texts = chosen(corpus, name)
        quiet = excused(corpus, name, texts)
        scores = np.where(quiet, _QUIET, out_of_sample(corpus, name, texts))
        least = threshold(scores, texts, _OTHER_BOUNDS.get(name, _FALSE))
        sys.stdout.write(report(name, scores, texts, least))
        ordinary: list[int] = texts.rows[texts.everyday & ~quiet].tolist()
        column, bias = settled(corpus, name, texts, [corpus.bases[at] for at in ordinary], least)
        whole = packed([name], column[:, None], np.array([bias]), np.array([0.0]))
        # No message of the everyday corpus and no suggestion of a rule may be found.
        least = max(least, *(highest(whole, corpus.bases[at]) + 1e-6 for at in ordinary))
        columns.append(column)
        biases.append(bias)
        thresholds.append(least + _OTHER_MARGINS.get(name, _MARGIN))
    write(folders[-1] / FILE, packed(names, np.stack(columns, axis=1), np.array(biases), np.array(thresholds)), corpus)


def report(name: str, scores: Scores, texts: Chosen, least: float) -> str:
    """One line: how much is found and how much for nothing, out of sample."""
    found = scores >= least
    allowed = texts.own & ~texts.labels
    return (
        f"{name:20} {int(texts.labels.sum()):5} violate, {int(allowed.sum()):5} allowed: "
        f"recall {found[texts.labels].mean():.3f}, false alarms {found[allowed].mean():.3f} of its own, "
        f"{found[texts.agents].mean():.4f} of agents' ordinary messages, threshold {least:.2f}\n"
    )


def write(path: Path, learned: Learned, corpus: Corpus) -> None:
    """The weights as a file, the rows that hold any."""
    weights = learned.weights[:, : len(learned.names)]
    rows = np.flatnonzero(weights.any(axis=1))
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        names=np.array(learned.names),
        rows=rows.astype(np.int32),
        weights=weights[rows],
        scale=learned.scale,
        bias=learned.bias,
        threshold=learned.threshold,
        trained_on=np.array(fingerprint(corpus.found)),
    )


if __name__ == "__main__":
    main()
