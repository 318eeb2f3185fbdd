"""The one decision: safety route, then a person, then an answer, then complex, "did you mean" or chat.

It abstains by thresholds and never takes the highest score just because it is the highest. Safety screen and classifier
can each raise a message to a safety route; neither can take it from one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.blocks.script import Script
from bot.decision import Decision, Reason
from bot.nlu.context import AGAIN, ASK, Context, picked
from bot.nlu.details import Details
from bot.nlu.scoring import Scores
from bot.nlu.thresholds import Thresholds
from bot.routes import Route
from bot.safety.screen import Alert

SAFETY_INTENTS = {
    Route.CRISIS: ("crisis_self", "crisis_other"),
    Route.EMERGENCY: ("emergency",),
    Route.DISTRESS: ("distress",),
}
ALL_SAFETY = frozenset(intent for intents in SAFETY_INTENTS.values() for intent in intents)
FOLLOW_UPS = ("affirm", "deny", "repeat", "correct")
CHAT = ("greet", "goodbye", "thanks", "bot", "privacy", "menu")
GENTLE = {"thanks": "thanks_gently", "goodbye": "goodbye_gently"}
AFTER_CRISIS = (Route.OTHER, Route.UNCLEAR, Route.DISTRESS, Route.EMERGENCY)
HUMAN, COMPLEX, OTHER, UNCLEAR, EMPTY = "human", "complex", "other", "unclear", "empty"
MOST_OFFERED = 3
LEAST_OFFERED = 0.05
"""A topic that is less likely than this is not worth a "did you mean"."""
LEAST_SHARE = 0.4
"""Of what is calm in a message of distress, for an answer to be offered."""


class Decider:
    """Decides where a message goes."""

    def __init__(self, script: Script, thresholds: Thresholds, details: Details) -> None:
        """Make a decider.

        Args:
            script: The replies, for the route of each intent.
            thresholds: From which score on to act.
            details: What makes a question personal or medical.
        """
        self._script = script
        self._thresholds = thresholds
        self._details = details

    @classmethod
    def load(cls, domain_file: Path) -> Decider:
        """Make a decider from the reviewed files.

        Args:
            domain_file: The domain, for the replies.

        Returns:
            The decider.

        Raises:
            SignpostError: E306 or E331, a file of `data/routing` is not right.
        """
        return cls(Script.load(domain_file), Thresholds.load(), Details.load())

    def decide(self, text: str, scores: Scores, alerts: Sequence[Alert], context: Context) -> Decision:
        """Decide about one message.

        Args:
            text: The message.
            scores: What the classifier says.
            alerts: What the safety screen says, most severe first.
            context: The turns before.

        Returns:
            The decision with its reasons.
        """
        if not alerts:
            # Where the text says this much by itself, the classifier could only guess.
            choice = picked(text, context.offered)
            if choice:
                return self.choose(choice)
            if not text.strip():
                return self._in_context(self._decision(EMPTY, Reason("context", "no_words")), scores, context)
        understood = self._safety(scores, alerts) or self._understand(text, scores)
        return self._in_context(understood, scores, context)

    def choose(self, choice: str) -> Decision:
        """Decide about a choice that was offered and taken: no guess is needed.

        Args:
            choice: The id of the choice, which is an intent.

        Returns:
            The decision.
        """
        return self._decision(choice, Reason("choice", choice))

    def _decision(
        self, intent: str, *reasons: Reason, choices: Sequence[str] = (), topic: str | None = None
    ) -> Decision:
        return Decision(intent, self._script.for_intent(intent).route, reasons, tuple(choices), topic)

    def _safety(self, scores: Scores, alerts: Sequence[Alert]) -> Decision | None:
        """Take the most severe of what screen and classifier say; both are on record."""
        topic = self._likely_topic(scores)
        for route, intents in SAFETY_INTENTS.items():
            fired = [alert for alert in alerts if alert.route is route]
            reasons = [Reason("screen", alert.rule) for alert in fired]
            whole = scores.total(*intents)
            seen = {route.value: whole}
            if whole >= self._thresholds.piece_floor:
                seen[f"{route.value}_piece"] = scores.in_pieces(*intents)
            for name, score in seen.items():
                threshold = getattr(self._thresholds, name)
                if score >= threshold:
                    reasons.append(Reason("classifier", name, round(score, 4), threshold))
            if reasons:
                # Of several intents on this route the screen's stands; else the classifier's likelier one.
                intent = fired[0].intent if fired else max(intents, key=lambda name: self._seen(scores, name))
                offered = (topic,) if topic and route is Route.DISTRESS else ()
                return self._decision(intent, *reasons, choices=offered, topic=topic if offered else None)
        return None

    def _understand(self, text: str, scores: Scores) -> Decision:
        """Decide about a message that no safety route takes, as if it were the first."""
        limits = self._thresholds
        if scores.total(HUMAN) >= limits.human:
            return self._decision(HUMAN, _classified(HUMAN, scores, limits.human))
        likeliest, score = self.likeliest(scores)
        details = self.details_in(text, likeliest)
        if details:
            found = [Reason("entity", kind) for kind in details]
            return self._decision(COMPLEX, _classified(likeliest, scores, None), *found)
        far = scores.far.get(likeliest, 0.0)
        if likeliest.startswith(ASK) and far > limits.out_of_scope:
            reasons = [
                _classified(likeliest, scores, None),
                Reason("neighbour", likeliest, round(far, 4), limits.out_of_scope),
            ]
            return self._decision(COMPLEX, *reasons)
        threshold = self._threshold(likeliest)
        if threshold is not None and score >= threshold:
            return self._decision(likeliest, _classified(likeliest, scores, threshold))
        near = [name for name in self._ranked_answers(scores)[:MOST_OFFERED] if scores.total(name) >= LEAST_OFFERED]
        if near and scores.total(*near) >= limits.unclear:
            reasons = [_classified(intent, scores, limits.for_answer(intent)) for intent in near]
            return self._decision(UNCLEAR, *reasons, choices=near)
        reasons = [_classified(COMPLEX, scores, None)]
        if threshold is not None:
            # What came nearest, and how far it stayed below: without it one could not see what the threshold costs.
            reasons.append(_classified(likeliest, scores, threshold))
        return self._decision(COMPLEX, *reasons)

    def likeliest(self, scores: Scores) -> tuple[str, float]:
        """Return what a calm message most likely asks for, and how likely that is.

        Args:
            scores: What the classifier says.
        """
        calm = [intent for intent in scores.whole if intent not in ALL_SAFETY and intent != HUMAN]
        intent = max(calm, key=scores.total, default=COMPLEX)
        return intent, scores.total(intent)

    def details_in(self, text: str, intent: str) -> tuple[str, ...]:
        """Return what makes a message too personal or medical for a passage.

        Args:
            text: The message.
            intent: Whose passage would be served.
        """
        return self._details.found_in(text, intent)

    def _threshold(self, intent: str) -> float | None:
        """The threshold of an intent, or None for complex, which needs none."""
        limits = self._thresholds
        if intent.startswith(ASK):
            return limits.for_answer(intent)
        if intent in FOLLOW_UPS:
            return limits.follow_up
        if intent in CHAT:
            return limits.chat
        return limits.other if intent == OTHER else None

    def _in_context(self, decision: Decision, scores: Scores, context: Context) -> Decision:
        """Resolve what leans on the turns before: yes, no, again, thanks after distress, the third ask."""
        intent, reasons = decision.intent, decision.reasons
        if context.last and context.last.route.is_safety and self._leans_on_it(decision, context.last):
            return self._decision(context.last.intent, *reasons, Reason("context", "after_a_safety_route"))
        if intent == "affirm":
            if len(context.offered) == 1:
                return self.choose(context.offered[0])
            offered = context.offered or ("menu",)
            return self._decision("affirm", *reasons, choices=offered)
        if intent in ("repeat", "correct"):
            if context.topic is None:
                return self._decision("menu", *reasons, Reason("context", "nothing_to_repeat"))
            return self._decision(intent, *reasons, topic=context.topic)
        if intent in GENTLE and context.in_hard_talk:
            return self._decision(GENTLE[intent], *reasons, Reason("context", "after_a_safety_route"))
        if intent.startswith(ASK) and context.asks_in_a_row(intent) >= AGAIN:
            return self._decision("asked_again", *reasons, Reason("context", "third_ask"), topic=intent)
        return decision

    def _leans_on_it(self, decision: Decision, last: Decision) -> bool:
        """Whether a message right after a safety route is no clear question of its own.

        Whatever "yes", "no" or "don't send anyone" means then, the numbers are said once more; and "I can't ring 999"
        right after a crisis is part of it, not an emergency of its own.
        """
        if decision.intent in FOLLOW_UPS:
            return True
        return last.route is Route.CRISIS and decision.route in AFTER_CRISIS

    def _ranked_answers(self, scores: Scores) -> list[str]:
        answers = [intent for intent in scores.whole if intent.startswith(ASK)]
        return sorted(answers, key=lambda intent: -scores.whole[intent])

    def _likely_topic(self, scores: Scores) -> str | None:
        """The answer asked about beside the distress: offered, never pushed.

        Distress can take nearly all of the probability, so the answers are held against what else is calm; in a long
        message the piece with the question speaks clearest.
        """
        views = [scores.whole, *scores.pieces]
        found = [pair for view in views if (pair := _clearest_answer(view)) is not None]
        return max(found, key=lambda pair: pair[1])[0] if found else None

    def _seen(self, scores: Scores, intent: str) -> float:
        return max(scores.total(intent), scores.in_pieces(intent))


def _clearest_answer(view: Mapping[str, float]) -> tuple[str, float] | None:
    calm = {intent: score for intent, score in view.items() if intent not in ALL_SAFETY}
    intent = max(calm, key=calm.__getitem__, default="")
    share = calm[intent] / (sum(calm.values()) or 1.0) if intent else 0.0
    return (intent, share) if intent.startswith(ASK) and share >= LEAST_SHARE else None


def _classified(intent: str, scores: Scores, threshold: float | None) -> Reason:
    return Reason("classifier", intent, round(scores.total(intent), 4), threshold)
