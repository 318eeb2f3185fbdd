"""Wording: what no block may say, and characters that no block may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.blocks.checks.material import Material, Problem
from bot.errors import Code

# What house blocks may not say, and why. Leaflets are the publisher's words and are not judged here.
_NEVER_SAID: tuple[tuple[str, str], ...] = (
    # Samaritans' media guidelines: words that blame, praise or sensationalise
    (r"commit\w*", 'nobody "commits" suicide; say "ended their life"'),
    (r"(un)?successful|failed|botched", "an attempt neither fails nor succeeds"),
    (r"cry for help|attention.seek\w*|suicide (victim|note|hotspot|epidemic)|suicidal person", "it labels people"),
    # No methods
    (r"overdos\w*|pills?|tablets?|hang(ing)?|jump(ing)?|blades?|razors?|ropes?|bridges?", "it names a method"),
    # Intended purpose: Signpost gives approved information and contact details
    (r"assess\w*|diagnos(e|es|ing)|monitor\w*|triag\w*|prioriti[sz]\w*", "it claims a medical purpose"),
    (r"risk (score|level)s?|(high|low) risk|severity", "it grades people"),
    # No promise, no minimising, no battle
    (r"promis\w*|guarantee\w*|always be (there|here)", "it promises"),
    (r"(will|going to|’ll) be (fine|ok|okay|all right|alright)", "it promises"),
    (
        r"don’t worry|calm down|cheer up|stay positive|bright side|at least you|only natural",
        "it makes light of feelings",
    ),
    (r"I (know|understand) (how|what) you", "a chatbot does not know how somebody feels"),
    (r"battle|battling|fight\w*|brave\w*|surviv\w*", "cancer is not a battle"),
    (r"have a (great|nice|lovely|good) day", "it does not fit the moment"),
    # Helpline hours are not in the approved text
    (
        r"lines are open|open (from|until|till)|opening hours|(mon|tues|wednes|thurs|fri|satur|sun)days?",
        "it states hours",
    ),
    (
        r"(nurse|somebody|someone|person) is (there|here|waiting|available)( for you)?( now)?",
        "it says that somebody is there",
    ),
    (r"\d ?[ap]\.?m|o’clock", "it states hours"),
)
_RULES = tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), why) for pattern, why in _NEVER_SAID)


def house_wording_is_allowed(material: Material) -> Iterator[Problem]:
    """House blocks keep to Samaritans' guidance and to the intended purpose, and write quotes as the leaflet does."""
    for block in material.library:
        if block.source:
            continue
        for pattern, why in _RULES:
            if found := pattern.search(block.text):
                yield Problem.of(Code.E110, material.at_block(block.id), id=block.id, problem=f'"{found[0]}": {why}')
        if set("'\"`!") & set(block.text):
            problem = "a straight quotation mark or an exclamation mark; quotation marks are ’ “ ”"
            yield Problem.of(Code.E110, material.at_block(block.id), id=block.id, problem=problem)


def characters_are_plain(material: Material) -> Iterator[Problem]:
    """No block holds a character that could not be seen, could be taken for another, or could be filled in."""
    for block in material.library:
        for problem in _odd(block.text):
            yield Problem.of(Code.E110, material.at_block(block.id), id=block.id, problem=problem)


def _odd(text: str) -> Iterator[str]:
    if text != text.strip():
        yield "white space at its start or end"
    if not unicodedata.is_normalized("NFC", text):
        yield "it is not in Unicode's form NFC"
    if set("{}") & set(text):
        yield "braces, which look like something to fill in"
    for character in sorted(set(text)):
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Co", "Cn"}:
            yield f"the unseen character U+{ord(character):04X}"
        elif character.isalpha() and "LATIN" not in unicodedata.name(character, ""):
            yield f"the character U+{ord(character):04X}, which is no Latin letter"
