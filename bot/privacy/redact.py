"""Redaction: personal data is taken out of a message before anything is stored or passed on.

What is taken out is replaced by a short word in brackets, so that the rest of the message can still be read.
Precision matters as much as recall: "stage 4", "T2 N1", "75 mg" and "12/10/2015" as the date of a scan carry the
question. The numbers of organisations stay: in the United Kingdom they begin 03, 08 or 09, or are short (Ofcom,
National Telephone Numbering Plan), so no helpline's number is ever taken for a visitor's. The safety screen reads the
message as it was written: nothing that is replaced here can hide anything from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Redacted:
    """A message without the personal data that was recognised.

    Attributes:
        text: The message, with a word in brackets for each thing taken out.
        kinds: What was taken out, each kind once, such as "phone"; empty when nothing was.
    """

    text: str = field(repr=False)
    kinds: tuple[str, ...] = ()


WORDS = {
    "email": "[email address]",
    "web_address": "[web address]",
    "nhs_number": "[NHS number]",
    "card": "[card number]",
    "phone": "[phone number]",
    "date_of_birth": "[date of birth]",
    "postcode": "[postcode]",
    "address": "[address]",
    "name": "[name]",
}
"""What stands in place of each kind."""


def redact(text: str) -> Redacted:
    """Take personal data out of a message.

    Args:
        text: What the visitor wrote.

    Returns:
        The message without it. Redacting that again changes nothing.
    """
    kinds: dict[str, None] = {}
    before = None
    while text != before:  # what stands beside a replaced part can become recognisable
        before = text
        for rule in _RULES:
            text = rule.apply(text, kinds)
    return Redacted(text, tuple(kinds))


@dataclass(frozen=True)
class _Rule:
    """One way in which one kind is written. The group `it` is what is replaced; what is round it is context."""

    kind: str
    pattern: re.Pattern[str]
    accept: Callable[[str], bool]

    def apply(self, text: str, kinds: dict[str, None]) -> str:
        def replace(match: re.Match[str]) -> str:
            if not self.accept(match["it"]):
                return match[0]
            kinds[self.kind] = None
            start, end = match.start("it") - match.start(), match.end("it") - match.start()
            return match[0][:start] + WORDS[self.kind] + match[0][end:]

        return self.pattern.sub(replace, text)


def _rule(kind: str, pattern: str, accept: Callable[[str], bool] = lambda it: True, flags: int = re.I) -> _Rule:
    return _Rule(kind, re.compile(pattern, flags | re.X), accept)


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdecimal()]


def _is_nhs_number(text: str) -> bool:
    """Modulus 11, as the NHS Data Dictionary has it under NHS NUMBER."""
    *digits, check = _digits(text)
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True))
    return len(set(digits)) > 1 and (11 - total % 11) % 11 == check


def _is_card_number(text: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    digits = _digits(text)[::-1]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_helpline(text: str) -> bool:
    digits = re.sub("^(?:00)?440?", "0", "".join(map(str, _digits(text))))
    return not digits.startswith(("03", "08", "09")) and digits not in _SHORT_NUMBERS


def _is_birth_date(text: str) -> bool:
    """Up to _LAST_BIRTH_YEAR a full date is a birth date more often than anything else in a life with cancer."""
    year = re.search(r"(?:19|20)\d\d", text)
    born = int(year[0]) if year else 1900 + int(text[-2:])  # "12/3/61"; "1/2/24" is of this century
    return max(date.today().year - _OLDEST, 1930 if not year else 0) <= born <= _LAST_BIRTH_YEAR


def _is_postcode(text: str) -> bool:
    area = re.match("[a-z]{1,2}", text, re.I)
    return area is not None and area[0].upper() in _AREAS.split() and text[-2:] not in _UNITS.split()


_SHORT_NUMBERS = frozenset({"999", "112", "111", "101", "116123", "18000", "18001", "85258"})
_OLDEST = 110
_LAST_BIRTH_YEAR = 1990
"""Later full dates are taken out only where the message says that somebody was born then: the others are more often
the date of a diagnosis or a scan."""

# Royal Mail's postcode areas. "T2" and "CA 15-3" have none or lack the rest; "B12 5ug" and "N1 2nd" end in a unit.
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_UNITS = "st nd rd th hr yr ug ng pg lb ft hz gy"

_SEP = r"[ \t\u00a0\u2009\u200b.()\-\u2010-\u2015]"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = rf"""(?:
      {_DAY}\s?[/.\-]\s?(?:0?[1-9]|1[0-2])\s?[/.\-]\s?(?:(?:19|20)\d\d|\d\d)
    | (?:19|20)\d\d-(?:0[1-9]|1[0-2])-{_DAY}
    | {_DAY}(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH},?\s(?:19|20)\d\d
    | {_MONTH}\s{_DAY}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d
)(?!\d)"""
_STREET = "(?:road|rd|street|avenue|ave|lane|close|drive|crescent|terrace|gardens|grove|court|place|square|mews)"

# Not the rest of a name: how a sentence goes on, and every word that the safety screen may need further on.
_NO_NAME = (
    r"(?!(?:a|an|and|are|am|as|at|because|but|can|could|do|does|for|from|had|has|have|he|hello|help|hi|how|i|if|in|is"
    r"|it|me|my|need|no|not|now|of|on|or|please|she|should|so|still|thank|thanks|that|the|there|they|this|to|too|want"
    r"|was|we|what|when|where|who|why|will|with|would|you)\b"
    r"|abus|blood|bleed|breath|chest|cut|dead|death|desp|die|dy|emerg|end|fever|harm|hit|hope|hurt|kill|knife|life|live"
    r"|murder|overdos|pain|pill|self|shiver|suicid|unsafe|violen|want)"
)

_RULES = (
    _rule("web_address", r"(?P<it>\bhttps?://[^\s/@]{1,100}@\S+)"),
    _rule(
        "web_address",
        r"(?<![\w.])(?P<it>(?:https?://)?(?:www\.|m\.)?"
        r"(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|threads)\.(?:com|net)/[\w.@/\-?=]+)",
    ),
    _rule("email", r"(?P<it>[\w.+%'\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5})"),
    _rule(
        "email",
        r"(?P<it>\b[\w.+\-]{2,64}\s?[(\[]?\bat\b[)\]]?\s?(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|aol"
        r"|btinternet|sky|virginmedia|talktalk|nhs)\s?(?:\.|[(\[]?dot[)\]]?)\s?(?:com|co|net|org|uk)(?:\s?(?:\.|dot)\s?uk)?\b)",
    ),
    _rule("nhs_number", rf"\bnhs\s?(?:no\b\.?|number|num)?(?:\sis|:)?\s{{0,2}}(?P<it>\d(?:{_SEP}?\d){{9}})(?!\d)"),
    _rule("nhs_number", r"(?<![\d+])(?<!\+44[ ])(?P<it>\d{3}[ \-]?\d{3}[ \-]?\d{4})(?!\d)", _is_nhs_number),
    _rule("card", r"(?<!\d)(?P<it>\d(?:[ \-]?\d){12,18})(?!\d)", _is_card_number),
    _rule(  # a British number of a person: 01, 02, 05 and 07, with the country's code or without
        "phone",
        rf"(?<![\w+])(?!{_DATE})(?P<it>\(?(?:(?:\+|00)44{_SEP}{{0,3}}(?:0{_SEP}{{0,2}})?|0)[1257](?:{_SEP}{{0,3}}\d){{8,9}})(?!\d)",
    ),
    _rule("phone", rf"(?<!\w)(?P<it>\+(?!44)\d(?:{_SEP}{{0,2}}\d){{7,13}})(?!\d)"),
    _rule(
        "phone",
        r"\b(?:(?:my\s(?:number|no\b\.?)|phone|mobile|mob|tel|telephone|landline|whatsapp)\s?(?:number|no\b\.?)?(?:\sis\b|['’]s\b|:)?\s"
        r"|(?:call|ring|text|phone|reach|contact)\s(?:me|us|her|him|them)\s(?:back\s)?(?:on|at)\s)"
        rf"(?!{_DATE})(?P<it>\+?\d(?:{_SEP}{{0,2}}\d){{5,12}})(?!\d)",
        _is_no_helpline,
    ),
    _rule(
        "date_of_birth",
        rf"\b(?:d\.?o\.?b\b\.?|date\sof\sbirth|birth\s?date|birthday|born)(?:\sis|\son|\swas|:|,)*\s{{0,3}}(?P<it>{_DATE})",
    ),
    _rule("date_of_birth", rf"(?<![\d/.\-])(?P<it>{_DATE})(?![/\-])", _is_birth_date),
    _rule(
        "postcode",
        r"(?<![a-z0-9])(?P<it>[a-z]{1,2}\d[a-z\d]?[ \u00a0]{0,2}\d[abd-hjlnp-uw-z]{2})(?![a-z0-9])",
        _is_postcode,
    ),
    _rule("postcode", r"\bpost\s?code(?:\sis|:)?\s{0,2}(?P<it>[a-z]{1,2}\d[a-z\d]?)(?![a-z0-9])"),
    _rule(
        "address",
        rf"(?<!\w)(?P<it>\d{{1,4}}[a-z]?,?\s(?:[A-Z][a-z'’]+\s){{1,3}}(?i:{_STREET})\b)",
        flags=0,
    ),
    _rule(
        "address",
        rf"\b(?:live\sat|living\sat|address\sis)\s(?P<it>\d{{1,4}}[a-z]?,?\s(?:[\w'’]+\s){{1,3}}{_STREET}\b)",
    ),
    _rule(  # first the word after "is", however it is written; then up to two more that are written as names are
        "name",
        rf"\b(?i:(?:my|her|his|their)\s(?:full\s|first\s|last\s)?name(?:\sis|['’]?s)|i(?:['’]?m|\sam)\scalled)\s{{1,3}}"
        rf"(?P<it>(?i:{_NO_NAME})[^\W\d_][\w'’\-]{{0,30}}"
        rf"(?:\s(?i:{_NO_NAME})[A-Z][a-z'’][\w'’\-]{{0,30}}){{0,2}})",
        flags=0,
    ),
)
