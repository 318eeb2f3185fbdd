"""Every error that Signpost reports, with a code that staff can read out on the phone.

A message says what happened, the likely reason and what to do, with the options where there are some. No message
takes in a word that a visitor wrote: what is filled in are ids, paths, numbers and names of settings.
Numbers: E0xx set-up and settings, E1xx approved text, E2xx safety patterns, E3xx training and routing,
E4xx dialogue and self-check, E5xx gateway, E6xx cases and database, E7xx evaluation,
E8xx safety case and script book. W1xx are warnings of `bot check`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class Code(str, Enum):
    """The catalogue: a code's name is its number, its value is the message to fill in."""

    # Set-up and settings
    E001 = "The setting {name} is not valid: {problem}. Set it to {expected} and start again."
    E002 = (
        "Port {port} of the {service} is in use, probably by another copy of Signpost. "
        "Stop that program, or choose another port with {setting}."
    )
    E003 = (
        "Only {free_mb} MB are free on the disk of {path}; Signpost needs {needed_mb} MB. "
        "Free some space, or point {setting} at another disk."
    )
    E004 = (
        "The package {package} is missing or damaged: {problem}. Restore it from the repository, or run `make setup`."
    )
    E005 = "The {service} stopped with exit code {status}. Its last words are in {log}. Read them, then start again."
    E006 = "The {service} did not get ready within {seconds} seconds. Its last words are in {log}."
    E007 = (
        "Training failed with exit code {status}. Its output is above and in {log}; mend what it names and start again."
    )
    E008 = "{path} cannot be written: {problem}. Check that the disk is not full or read-only, and who owns the folder."
    E009 = (
        "Python {version} was not found. Install uv (it brings Python {version} along), or Python {version} itself "
        "(with pyenv: pyenv install {version}), then run make again."
    )
    E010 = (
        "The Python environment could not be set up: {problem}. The whole output is in {log}. "
        "Mend what it names, then run make again."
    )
    E011 = "The {service} runs but has not answered for {seconds} seconds, so it is ended. Its last words are in {log}."
    E012 = "Nothing reports the code {name}. Report it where it belongs, or remove it."
    E013 = (
        "{what} is raised without a code. Raise a SignpostError with a code of bot/errors.py, or catch it by its name."
    )
    E014 = "The message {name} needs {names}, which is not given here."

    # Approved text
    E100 = "{path} cannot be read as approved text: {problem}. Compare its form with docs/approved-text.md."
    E101 = "The block {id} stands twice: in {first} and in {second}. Give one of them another id."
    E102 = "There is no block {id}, which {where} names. {hint}"
    E103 = (
        "The leaflet block {id} is not a passage of its leaflet {leaflet}: it differs from character {position} on. "
        "Leaflet blocks are verbatim; copy the passage again from the approved text."
    )
    E104 = (
        "The block {id} names the number {number}, which is not in {contacts}. "
        "Correct the number, or add the contact with its source and the date it was checked."
    )
    E105 = (
        "The text of block {id} is not the text that was sealed: its sha256 differs. "
        "If the change is meant, run `python -m bot seal` and have the new text signed."
    )
    E106 = (
        "The leaflet {leaflet} has changed: its sha256 is not the one in its front matter. Restore the approved text."
    )
    E107 = "{where} holds words ({key}). Words live under data/approved/ only: make them a block and name its id."
    E108 = "The block {id} is sealed but no longer exists. If it was removed on purpose, run `python -m bot seal`."
    E109 = "The passage of the leaflet {leaflet} beginning at character {position} is in no block. Add a block that holds it."
    E110 = "The block {id} uses wording that is not allowed: {problem}. See docs/approved-text.md, Wording."
    E111 = "The block {id} is not sealed. If it is meant to be said, run `python -m bot seal` and have it signed."
    E112 = "The leaflet block {id} cuts a paragraph of its leaflet {leaflet} short, which can turn its meaning. Take whole paragraphs."
    E113 = "The reply {utter} does not name the contact {contact}, which every reply of the route {route} must. Say a block that names it."
    E114 = "The reply {utter} of the route {route} says the leaflet block {id}. Only the route answer may say leaflet blocks."
    E115 = "The choice {choice} leads nowhere: the reply {utter} {problem}. Offer another topic."
    W101 = "The review of the leaflet {leaflet} was due in {due} and is overdue. Ask the publisher for the current edition."
    W102 = "{count} blocks of {file} wait for sign-off."
    W103 = "The contact {id} was last checked on {checked}, more than a year ago. Ring it and update the date."
    W104 = "{count} contacts wait for somebody to ring them and confirm them: {ids}."
    W105 = "The block {id} is used nowhere. Name it in a reply or a page, or remove it."
    W106 = "The blocks {first} and {second} have the same text. Keep one, unless they are to be changed apart."

    # Safety patterns
    E200 = "{path} cannot be read as safety patterns: {problem}. Compare its form with docs/safety-patterns.md."
    E201 = "The safety pattern {id} stands twice: in {first} and in {second}. Give one of them another id."
    E202 = "The safety pattern {id} fails one of its own examples: {problem}. Correct the pattern or the example."

    # Training and routing
    E300 = "{path} cannot be read as training examples: {problem}."
    E301 = "The same example stands under two intents, {first} and {second}, in {path} line {line}. Keep one of them."
    E302 = "The intent {intent} has {count} examples; it needs at least {needed}. Write more in {path}."
    E303 = "The encoder's {part} is not the file that was pinned: its sha256 differs. Restore it from the repository, or run `make setup`."
    E304 = "An example in {path} line {line} equals a message that is kept for measuring. Remove it from the training data."
    E305 = "The intent {intent} has examples but domain.yml does not know it. Add it there, with utter_{intent} and a rule."
    E306 = "{path} must hold one number from 0 to 1 for each threshold; look at: {names}."
    E307 = (
        "Two examples say nearly the same (cosine {cosine}) under two intents: {first} in {first_path} line {first_line}, "
        "and {second} in {second_path} line {second_line}. Decide by docs/labelling.md and remove one of them."
    )
    E308 = (
        "The {kind} {id} is not what was sealed. If the change is meant, have it reviewed by the clinical lead, "
        "then run `python -m bot seal`."
    )
    E309 = "The {kind} {id} is sealed but no longer there. If it was removed on purpose, run `python -m bot seal`."
    E310 = "The {kind} {id} is not sealed. Have it reviewed by the clinical lead, then run `python -m bot seal`."
    E311 = "{title}: {problem}."
    E312 = "The intent {intent} has no rule. Write one in data/stories/rules.yml that says utter_{intent}."
    E313 = "The title “{title}” stands twice, first in {first}. Say in one of them what is different about it."
    E314 = "This {kind} has no title. Give it one sentence that a nurse can read."
    E315 = "The action {action} is in {there} but not in {missing}. Add it there, or remove it here."
    E316 = (
        "Nothing leads to the intent {intent}: it has no examples, no reply offers it and no code names it. "
        "Write examples in data/nlu, or remove it."
    )
    E330 = "{path} cannot be read as opinions on unseen examples: {problem}. Make it again as scripts/encoder/README.md says."
    E332 = "{path} must hold one number above 0 for each cost; look at: {names}."
    E333 = "The encoder's head does not know these intents: {intents}. Make it again as scripts/encoder/README.md says."
    E331 = "{path} cannot be read as details: {problem}."

    # Dialogue and self-check
    E400 = "{path} cannot be read as a domain: {problem}."
    E401 = "The self-check found {found} where {expected} is configured as {part}. Rasa falls back in silence; check {where}."
    E402 = "The model was not trained from this data and code (fingerprint {found}, expected {expected}). Run `make train`."
    E403 = "There is no trained model at {path}. Run `make train`."
    E404 = "The reply {utter} is not in domain.yml. Known replies: {known}."
    E405 = "The channel refused a call without the right secret. Start all parts with the same SIGNPOST_CHANNEL_SECRET."

    # Gateway: these reach whoever calls the API
    E500 = "The request body is not valid JSON. Send a JSON object as UTF-8."
    E501 = 'The request has the wrong shape: {problem}. Send {{"text": "..."}} or {{"choice": "ID"}}.'
    E502 = "The request body is larger than {limit} bytes. Send a shorter message."
    E503 = "The message is longer than {limit} characters. Send it in shorter parts."
    E504 = "There is no open chat for this token. Start a new one with POST /api/chat/sessions."
    E505 = "The choice is not one that was offered. Send one of the ids in `choices` of the last turn."
    E506 = "The request must carry `Content-Type: application/json`."
    E507 = "There is nothing at this address. GET /openapi.json lists what there is."
    E508 = "This address does not take that method. GET /openapi.json lists what it takes."
    E509 = "The reply could not be made in time."
    E510 = "The request came from another site's page. Use the chat from its own page."
    E511 = "Something of ours failed while answering. It has been recorded."
    E512 = "The dialogue engine gave no usable reply: {problem}. The visitor was given approved words all the same."
    E513 = "The chat could not be deleted just now, and nothing of it is deleted yet. Try again in a few minutes."
    E514 = "Signpost is not ready: the check {check} failed ({problem})."

    # Cases and database
    E600 = "The database at {where} cannot be reached: {problem}. Check DATABASE_URL and that the server runs."
    E601 = "The database is at revision {found}, the code needs {expected}. Run `python -m bot migrate`."
    E602 = "There is no conversation {id}."
    E603 = "The database at {where} refuses what was to be stored: {problem}. Report this; it is a fault of Signpost."
    E604 = (
        "The chat is deleted, but {where} is in use and could not be cleaned up yet. Erase the chat again in a minute."
    )
    E605 = "An action was called without a decision or a message id, so it opened no case. Check what the channel passes on."
    E606 = "The action server takes nothing but calls of Rasa at POST /webhook, for the actions that domain.yml names."

    # Desk
    E610 = "{path} cannot be read as settings of the desk: {problem}. Compare its form with docs/cases.md, Targets."
    E611 = "Line {number} of the audit log is not what was written: its hash differs. Keep this database aside and find out who could write to it."
    E612 = "Lines {first} to {last} of the audit log are missing. Keep this database aside and find out who could write to it."
    E613 = "Line {number} of the audit log is not the one after which {next} was written: it was replaced. Keep this database aside and find out who could write to it."
    E614 = "The audit log cannot go on: {problem}. Keep this database aside, restore a backup and find out who could write to it."
    E615 = (
        "This is no head of the audit log. Give what an earlier `python -m bot audit verify` printed, as NUMBER:SHA256."
    )
    E616 = "Line {number} of the audit log is not the one that was the head then: the log was rewritten. Keep this database aside and find out who could write to it."
    E620 = "The role {role} may not {right}. Ask somebody who may: {able}."
    E621 = (
        "This password cannot be taken: {problem}. Choose a longer one, such as four words that do not belong together."
    )
    E622 = "Nobody was added: {problem}. A user name is small letters and digits, with single dots or dashes between them, such as ada.byron."
    E623 = "The user name {username} is or was somebody's, and names are not given twice. Choose another, or run `python -m bot staff renew {username}`."
    E624 = "There is nobody with the user name {username}. `python -m bot staff list` shows everybody."
    E625 = "The password was not changed: the old one is wrong, or the new one is the same. Type both again."
    E626 = "User name, password or code is wrong, or the code was used already. Try again with a new code, or ask an admin."
    E627 = "There were too many wrong sign-ins lately. Wait {seconds} seconds, then try again."
    E630 = "There is no open case {case}: it was closed, or its chat was deleted. Go back to the queue."
    E631 = "The case {case} is with {holder} just now. Speak to them; they can hand it over, or a supervisor can."
    E632 = "The case {case} is not yours (any more): the claim ran out and somebody else took it, or it was handed over. Take it again from the queue."
    E633 = "The case cannot be given to {to}: there is nobody of that name who can sign in and may work on cases. Choose a colleague from the list."
    E634 = "The note was not kept: {problem}. Shorten it, or split it into several notes."
    E635 = "The case {case} cannot be closed yet: the checklist lacks {items}. Answer each item first."
    E636 = "A message came into the case {case} since you read it. Read it again before you go on."
    E637 = "The case {case} cannot be {done}: {problem}."
    E638 = "The checklist of this case has no item {item}. Its items: {items}."
    E639 = "There is no case {case}: its chat was deleted. Go back to the queue."

    # Evaluation
    E700 = "{path} line {line} is not a labelled message: {problem}. See docs/evaluation.md for the form."
    E701 = "Nothing answers at {url}. Start Signpost with `make run`, or leave the address out to use this process."
    E702 = "{path} does not have the form of CLINC150's data_full.json: {problem}."

    # Stories
    E711 = "{place}: {problem}. docs/testing.md shows the form."
    E712 = "{place}: there is not {what}. {hint}"
    E713 = "{second}: the name {name} belongs to the story at {first} already. Give one of them another name."
    E714 = "There are no stories at {path}. Name a file that ends in .yml, or a folder with such files."
    E715 = "No story has {name} in its name. {hint}"
    E716 = "There is no conversation with this reference code in the database at {where}. Check the code; a chat may have been deleted."
    E717 = "The gateway at {url} did not answer as Signpost does: {problem}. Check the address."
    E718 = "{path} is there already. Name another file, so that no story is lost."
    E719 = "{options} cannot be used together: {problem}."

    # Safety case and script book
    E800 = "{path} cannot be read as a hazard log: {problem}. Compare its form with docs/safety/README.md."
    E801 = "The hazard {hazard} relies on {test}, which does not exist. {hint}"
    E802 = "The control “{control}” of hazard {hazard} has no passing test: {outcomes}."
    E803 = "There is no earlier edition at {since}: {problem}. Name a commit or tag, or a script book that was saved as HTML."
    E804 = "Chromium was not found, which makes the PDF. Install it (on Debian: apt-get install chromium), or leave out --pdf."
    E805 = "Chromium could not make {path}: {problem}. Write --html, open it in any browser and print it from there."
    E806 = "{path} cannot be read as JUnit results: {problem}. Write it with `pytest --junitxml`."

    def text(self, **values: Any) -> str:
        """Fill the message in.

        Args:
            **values: What the placeholders of this message stand for.

        Returns:
            The message, beginning with the code in brackets.
        """
        return f"[{self.name}] {self.value.format(**values)}"


class SignpostError(Exception):
    """An error with a code of the catalogue.

    Attributes:
        code: The code.
        values: What its placeholders stand for.
    """

    def __init__(self, code: Code, **values: Any) -> None:
        """Make the error.

        Args:
            code: Which message of the catalogue.
            **values: What its placeholders stand for.
        """
        super().__init__(code.text(**values))
        self.code = code
        self.values = values
