"""Views of a message for matching: what was written, and what it says once disguises and slips are undone.

The first view is plain: case, accents, look-alike letters, quotes, contractions and chat spelling. The second undoes
leetspeak, stars, spaced and joined letters and spelling mistakes; it is made only where it differs, so that most
messages are matched once. Nothing here decides anything, and the views are used for matching only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.safety.fuzzy import Fuzzy
from bot.safety.spelling import Spelling

# Letters of other scripts that look like Latin ones, after case folding; each Latin letter is followed by its doubles.
_LOOKALIKES = (
    "aаαɑ bьβ cсϲ dԁđ eеєε gɡ hһħ iіιɩıїί jјϳ kкκ lӏłⅼ mмⅿ nпηո oоοօøσ pрρ qԛ rгɾ sѕ tтτŧ uυս vνѵ wԝωш xхχ yуγү zᴢ "
    "'’‘ʼ´＇ʹ′‛`"
)
_TRANSLATE = {ord(double): doubles[0] for doubles in _LOOKALIKES.split() for double in doubles[1:]}
# Letters inside emoji: squares, circles and flags.
_TRANSLATE |= {base + n: chr(97 + n) for base in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(9), *range(14, 28), 127))
_CONTROLS |= dict.fromkeys((11, 12, 13, 0x85, 0x2028, 0x2029), "\n") | dict.fromkeys(range(28, 32), " ") | {96: "'"}

_TOKEN = re.compile(r"\d+[.,]\d+|[^\W_]+(?:'[^\W_]+)*|[.!?;:\n…]")
_LETTER_RUN = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_])+(?![^\W_])")
_SUSPECT = re.compile(r"[^\W\d_][\d@$!|*#%_~+•€.\-]+[^\W\d_]|\d[^\W\d_]|[@$*#][^\W\d_]|[^\W\d_][@$*#\d]|\b[24]\b")
_CENSOR = "*#%_~•@$!.-+|"
_LEET = str.maketrans("013457@$!|+€8", "oieastasiitee")
_LEET_L = str.maketrans("013457@$!|+€8", "oleastaslltee")
_STANDALONE = {"2": "to", "4": "for"}
_LEAST_JOINED = 8
_MARGIN = 40
"""How many words around what was undone the second view keeps."""


@dataclass(frozen=True)
class View:
    """One reading of a message.

    Attributes:
        words: Its normalised words, without punctuation and emoji.
        ends: Numbers of the words after which a sentence or line ends.
    """

    words: tuple[str, ...]
    ends: frozenset[int]


class Normaliser:
    """Makes the views."""

    def __init__(self, spelling: Spelling, vocabulary: frozenset[str]) -> None:
        """Make a normaliser.

        Args:
            spelling: The tables.
            vocabulary: All words that patterns know.
        """
        self._spelling = spelling
        self._vocabulary = vocabulary
        self._fuzzy = Fuzzy(spelling.keys, spelling.neighbours | vocabulary)

    def views(self, text: str) -> tuple[View, ...]:
        """Make the views of a message.

        Args:
            text: Any text, however long or broken.

        Returns:
            One view, or two where undoing disguises makes a difference.
        """
        folded = fold(text)
        plain = self._words(folded)
        restored = self._restore(folded)
        mended = self._mend(plain if restored == folded else self._words(restored))
        return (plain,) if mended.words == plain.words else (plain, _around_changes(plain, mended))

    def _words(self, folded: str) -> View:
        spelling, vocabulary = self._spelling, self._vocabulary
        words: list[str] = []
        ends: set[int] = set()
        for token in _TOKEN.findall(folded):
            if not token[0].isalnum():
                ends.add(len(words) - 1)
                continue
            for word in spelling.spell(token.replace(",", "."), vocabulary):
                pairs = spelling.pairs.get(word)
                if pairs and words and words[-1] in pairs:
                    words[-1:] = pairs[words[-1]]
                else:
                    words.append(word)
        return View(tuple(words), frozenset(ends))

    def _restore(self, folded: str) -> str:
        """Undo what is done to letters: spacing, digits and signs for letters, stars."""
        restored = _LETTER_RUN.sub(self._join_letters, folded)
        if _SUSPECT.search(restored):
            restored = re.sub(r"\S+", self._restore_chunk, restored)
        return restored

    def _join_letters(self, run: re.Match[str]) -> str:
        letters = "".join(c for c in run.group() if c.isalnum()).translate(_LEET)
        pieces = segment(letters, self._vocabulary) if 3 <= len(letters) <= 60 else None
        return run.group() if pieces is None else f" {' '.join(pieces)} "

    def _restore_chunk(self, match: re.Match[str]) -> str:
        chunk = match.group()
        if chunk.isalpha():
            return chunk
        core = chunk.strip(".,?\"'()[]:;…&")
        if not core or core.isalpha():
            return chunk
        if core in _STANDALONE:
            return _STANDALONE[core]
        for table in (_LEET, _LEET_L):
            for reading in (core.translate(table), core.rstrip("!").translate(table)):
                if reading in self._vocabulary and len(reading) > 2:
                    return reading
        return self._uncensor(core) or chunk

    def _uncensor(self, core: str) -> str | None:
        core = core.rstrip("!")
        hidden = sum(c in _CENSOR for c in core)
        if not hidden or len(core) - hidden < 2 or len(core) > 20:
            return None
        shape = "".join("." if c in _CENSOR else re.escape(c) for c in core)
        bare = "".join(c for c in core if c not in _CENSOR)
        for word in sorted(self._spelling.censored):
            if word == bare or (len(word) == len(core) and hidden * 2 <= len(core) and re.fullmatch(shape, word)):
                return word
        return None

    def _mend(self, view: View) -> View:
        """Undo slips of whole words: joined words, split words, one wrong letter."""
        words: list[str] = []
        ends: set[int] = set()
        for number, word in enumerate(view.words):
            if word not in self._vocabulary and not word.isdigit():
                if words and words[-1] + word in self._spelling.censored:
                    words[-1] += word
                else:
                    words += self._mend_word(word)
            elif words and words[-1] not in self._vocabulary and words[-1] + word in self._spelling.censored:
                words[-1] += word
            else:
                words.append(word)
            if number in view.ends:
                ends.add(len(words) - 1)
        return View(tuple(words), frozenset(ends))

    def _mend_word(self, word: str) -> tuple[str, ...]:
        corrected = self._fuzzy.correct(word)
        if corrected != word:
            return (corrected,)
        if _LEAST_JOINED <= len(word) <= 40:
            pieces = segment(word, self._spelling.joined)
            if pieces:
                return tuple(part for piece in pieces for part in self._spelling.spell(piece, self._vocabulary))
        return (word,)


def _around_changes(plain: View, mended: View) -> View:
    """Cut from the mended view what is the same at both ends, but for a margin."""
    old, new = plain.words, mended.words
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    last = next((n for n in range(1, shorter - first + 1) if old[-n] != new[-n]), shorter - first + 1)
    start, stop = max(0, first - _MARGIN), min(len(new), len(new) - last + 1 + _MARGIN)
    return View(new[start:stop], frozenset(end - start for end in mended.ends if start <= end < stop))


def fold(text: str) -> str:
    """Fold case, width, accents, quotes, look-alike letters and invisible characters.

    Args:
        text: Any text.

    Returns:
        The text with plain lower-case letters where it has letters.
    """
    if text.isascii():
        return text.lower().translate(_CONTROLS)
    text = unicodedata.normalize("NFKC", text.translate(_TRANSLATE)).casefold()
    text = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return kept.translate(_TRANSLATE).translate(_CONTROLS)


def segment(letters: str, words: frozenset[str]) -> list[str] | None:
    """Cut a row of letters into words.

    Args:
        letters: Letters without spaces.
        words: The words that it may be cut into.

    Returns:
        The fewest words that make the row, at least one of them of three letters or more; None where there are none.
        Of single letters only i counts as a word.
    """
    best: list[list[str] | None] = [[], *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 14), end):
            row, piece = best[start], letters[start:end]
            if row is None or piece not in words or (len(piece) == 1 and piece != "i"):
                continue
            known = best[end]
            if known is None or len(row) + 1 < len(known):
                best[end] = [*row, piece]
    row = best[-1]
    return row if row and any(len(piece) > 2 for piece in row) else None
