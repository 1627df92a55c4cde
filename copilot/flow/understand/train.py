"""Trains the shipped classifier: ``python -m copilot.flow.understand.train``. A development tool.

Owns training, calibration and the k-fold report; needs scikit-learn (extra ``train``), which nothing else imports.
The same utterances give the same weights.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from copilot.domain.clock import SystemClock
from copilot.flow.understand.accuracy import FILE, Accuracy, InLanguage
from copilot.flow.understand.classifier import WEIGHTS
from copilot.flow.understand.corpus import LANGUAGES, Utterance, fingerprint, utterances
from copilot.flow.understand.features import DIMENSIONS, features

FOLDS = 5
SEED = 20261122
_PENALTY = 1.0
_WRONG_COSTS = 0.85
_AS_GOOD = 0.002
"""Of thresholds whose gains differ by less than this share of the corpus the lowest is taken: the curve is flat there,
and a person sees every reading."""
_OPENERS = {"zh": ("你好,", "在吗,", "亲,"), "en": ("hi, ", "hello there. ", "hey ")}
_CLOSERS = {"zh": (",谢谢", ",急急急!", "??"), "en": (" please", ", thanks", "?? ugh")}
_FREE = frozenset({"greeting", "thanks", "abuse", "unclear"})

Scores = NDArray[np.float64]


def main() -> None:
    """Train, print the k-fold report to stdout and write the weights beside the utterances."""
    corpus = utterances()
    scores, labels, names = cross_validate(corpus)
    temperature = best_temperature(scores, labels)
    threshold = best_threshold(scores, labels, temperature)
    report(corpus, scores, labels, names, temperature, threshold)
    measured = accuracy(corpus, scores, labels, temperature, threshold)
    data = Path(__file__).parent / "data"
    (data / FILE).write_text(measured.model_dump_json(indent=2) + "\n", encoding="utf-8")
    weights, bias, names = fit(corpus)
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    np.savez_compressed(
        data / WEIGHTS,
        names=np.array(names),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        temperature=np.float64(temperature),
        threshold=np.float64(threshold),
        trained_on=np.array(fingerprint()),
    )


def matrix(texts: list[str]) -> Any:
    """The sparse feature matrix of ``texts``, one row each."""
    rows = [features(text) for text in texts]
    lengths = np.cumsum([0, *(len(row.indices) for row in rows)])
    return csr_matrix(
        (np.concatenate([row.values for row in rows]), np.concatenate([row.indices for row in rows]), lengths),
        shape=(len(rows), DIMENSIONS),
    )


def augmented(corpus: list[Utterance]) -> tuple[list[str], list[str]]:
    """Texts and labels, each line also with a greeting before or a plea behind it, which must decide nothing."""
    texts = [one.text for one in corpus]
    labels = [one.label for one in corpus]
    for position, one in enumerate(corpus):
        if one.label in _FREE or one.label.startswith("_"):
            continue
        openers, closers = _OPENERS[one.language], _CLOSERS[one.language]
        opener, closer = openers[position % len(openers)], closers[position // 3 % len(closers)]
        texts.append(opener + one.text if position % 2 else one.text + closer)
        labels.append(one.label)
    return texts, labels


def fit(corpus: tuple[Utterance, ...]) -> tuple[Scores, Scores, tuple[str, ...]]:
    """Weights of shape (DIMENSIONS, classes), bias and class names."""
    texts, labels = augmented(list(corpus))
    # The library is untyped; what leaves this function is arrays.
    model: Any = LinearSVC(C=_PENALTY, random_state=SEED, class_weight="balanced", tol=1e-4, max_iter=4000)
    model.fit(matrix(texts), labels)
    return np.asarray(model.coef_).T, np.asarray(model.intercept_), tuple(str(name) for name in model.classes_)


def cross_validate(corpus: tuple[Utterance, ...]) -> tuple[Scores, NDArray[np.int64], tuple[str, ...]]:
    """Scores of every utterance by a model that has not seen it, the true class of each, the class names."""
    names = tuple(sorted({one.label for one in corpus}))
    labels = np.array([names.index(one.label) for one in corpus])
    groups = [f"{one.language}/{one.label}" for one in corpus]
    scores = np.zeros((len(corpus), len(names)))
    folds: Any = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(np.zeros(len(corpus)), groups):
        weights, bias, _ = fit(tuple(corpus[int(at)] for at in train))
        scores[test] = matrix([corpus[int(at)].text for at in test]) @ weights + bias
    return scores, labels, names


def probabilities(scores: Scores, temperature: float) -> Scores:
    """Softmax of ``scores`` divided by ``temperature``."""
    odds = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return odds / odds.sum(axis=1, keepdims=True)


def best_temperature(scores: Scores, labels: NDArray[np.int64]) -> float:
    """The temperature with the least negative log likelihood."""
    rows = np.arange(len(labels))
    candidates = np.geomspace(0.05, 1.5, 60)
    losses = [-np.log(probabilities(scores, t)[rows, labels] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def best_threshold(scores: Scores, labels: NDArray[np.int64], temperature: float) -> float:
    """The probability below which silence beats a guess, at the price of a wrong reading."""
    odds = probabilities(scores, temperature)
    top, right = odds.max(axis=1), odds.argmax(axis=1) == labels
    candidates = np.linspace(0.0, 0.9, 91)
    gains = [float((right & (top >= t)).sum() - _WRONG_COSTS * (~right & (top >= t)).sum()) for t in candidates]
    best = np.array(gains)
    return float(candidates[int(np.argmax(best >= best.max() - _AS_GOOD * len(labels)))])


def accuracy(
    corpus: tuple[Utterance, ...], scores: Scores, labels: NDArray[np.int64], temperature: float, threshold: float
) -> Accuracy:
    """What ``cross_validate`` found, by language, to be kept beside the weights."""
    odds = probabilities(scores, temperature)
    hit, sure = odds.argmax(axis=1) == labels, odds.max(axis=1) >= threshold
    languages: dict[str, InLanguage] = {}
    for language in LANGUAGES:
        mine = np.array([one.language == language for one in corpus])
        clear = sure & mine
        languages[language] = InLanguage(
            utterances=int(mine.sum()),
            top1=round(float((hit & mine).sum() / mine.sum()), 4),
            clear=round(float(clear.sum() / mine.sum()), 4),
            right_when_clear=round(float((hit & clear).sum() / clear.sum()), 4),
        )
    return Accuracy(
        trained_on=fingerprint(),
        on=SystemClock().now().date(),
        folds=FOLDS,
        temperature=temperature,
        threshold=threshold,
        languages=languages,
    )


def report(
    corpus: tuple[Utterance, ...],
    scores: Scores,
    labels: NDArray[np.int64],
    names: tuple[str, ...],
    temperature: float,
    threshold: float,
) -> None:
    """Print accuracy by language and class, and the commonest confusions."""
    odds = probabilities(scores, temperature)
    guess, top = odds.argmax(axis=1), odds.max(axis=1)
    write = sys.stdout.write
    write(f"{len(corpus)} utterances, {len(names)} classes, temperature {temperature:.3f}, threshold {threshold:.2f}\n")
    for language in LANGUAGES:
        mine = np.array([one.language == language for one in corpus])
        right, clear = (guess == labels) & mine, (top >= threshold) & mine
        write(
            f"{language}: {mine.sum()} utterances, top-1 {right.sum() / mine.sum():.3f}, "
            f"clear {clear.sum() / mine.sum():.3f}, right when clear {(right & clear).sum() / clear.sum():.3f}\n"
        )
        for label, name in enumerate(names):
            rows = mine & (labels == label)
            if not rows.any():
                continue
            wrong = [names[int(one)] for one in guess[rows & (guess != labels)]]
            common = sorted(set(wrong), key=lambda one: (-wrong.count(one), one))[:4]
            told = ", ".join(f"{one} {wrong.count(one)}" for one in common)
            write(f"  {name}: {rows.sum()}, {1 - len(wrong) / rows.sum():.2f}  {told}\n")


if __name__ == "__main__":
    main()
