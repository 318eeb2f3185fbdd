"""The self-check at start: every part that Rasa would replace in silence ends the start with a coded error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.dialogue.nlg import VerbatimNLG
from bot.dialogue.self_check import PIPELINE, check, check_addresses
from bot.dialogue.tracker_store import ConversationStore
from bot.errors import Code, SignpostError
from bot.nlu.intent_classifier import BlendedIntentClassifier
from bot.nlu.intent_model import IntentModel
from bot.nlu.router import Router
from bot.run.fingerprint import FINGERPRINT_VARIABLE, ModelRecord, expected_fingerprint, file_digest, record_file
from bot.settings import ROOT, Settings
from tests.model import LIBRARY, SETTINGS
from tests.rasa_imported import RASA_WARNS

pytestmark = RASA_WARNS

OURS = EndpointConfig(type="bot.dialogue.nlg.VerbatimNLG")


@dataclass(frozen=True)
class Elsewhere(Settings):
    """Settings whose approved text and domain can be changed by a test.

    Attributes:
        root: The folder that holds copies of both.
    """

    root: Path = Path()

    @property
    def approved_dir(self) -> Path:
        return self.root / "approved"

    @property
    def domain_file(self) -> Path:
        return self.root / "domain.yml"


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """An installation with everything in its place, and a model that was trained from what is there."""
    monkeypatch.setenv("SIGNPOST_TRACKER_DB", str(settings.tracker_db))
    monkeypatch.setenv(FINGERPRINT_VARIABLE, "a" * 64)
    shutil.copytree(ROOT / "data" / "approved", tmp_path / "approved")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    settings.model_dir.mkdir()
    settings.model_file.write_bytes(b"the model")
    record = ModelRecord(expected_fingerprint(), file_digest(settings.model_file), {})
    record.write(record_file(settings.model_file))
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    return Elsewhere(**values, root=tmp_path)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[type, Any]:
    """The parts of the pipeline, as Rasa makes them."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    context = ExecutionContext(GraphSchema({}), node_name="a node")

    def make(part: Any) -> Any:
        return part.create(part.get_default_config(), storage, Resource("part"), context)

    made = {part: make(part) for part in PIPELINE if part is not BlendedIntentClassifier}
    model = object.__new__(IntentModel)  # only whether there is one counts
    config = BlendedIntentClassifier.get_default_config()
    return {BlendedIntentClassifier: BlendedIntentClassifier(config, storage, Resource("part"), model), **made}


@pytest.fixture
def load(parts: dict[type, Any], elsewhere: Elsewhere) -> Callable[..., Agent]:
    """Makes Rasa's agent, with other parts than ours where a test says so."""

    def make(
        generator: EndpointConfig | None = OURS,
        store: TrackerStore | None = None,
        pipeline: dict[type, Any] = parts,
    ) -> Agent:
        agent = Agent(Domain.empty(), generator, store or ConversationStore(Domain.empty()))
        nodes = {str(name): SimpleNamespace(_component=part) for name, part in pipeline.items()}
        agent.processor = SimpleNamespace(graph_runner=SimpleNamespace(_instantiated_nodes=nodes))
        if isinstance(agent.nlg, VerbatimNLG):
            agent.nlg.library = Library.load(elsewhere.approved_dir)
            agent.nlg.script = Script.load(elsewhere.domain_file)
        return agent

    return make


def refused(agent: Agent | None, settings: Settings) -> SignpostError:
    with pytest.raises(SignpostError) as error:
        check(agent, settings)
    return error.value


def test_where_everything_is_in_its_place_it_says_what_the_model_was_trained_from(
    load: Callable[..., Agent], elsewhere: Elsewhere
) -> None:
    assert check(load(), elsewhere) == "a" * 64


class TestModel:
    def test_no_agent(self, elsewhere: Elsewhere) -> None:
        assert refused(None, elsewhere).code is Code.E403

    def test_an_agent_without_a_model(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        agent = load()
        agent.processor = None
        assert refused(agent, elsewhere).code is Code.E403

    def test_a_model_of_other_data(
        self, load: Callable[..., Agent], elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(FINGERPRINT_VARIABLE, "b" * 64)
        error = refused(load(), elsewhere)
        assert error.code is Code.E402
        assert "a" * 12 in str(error)
        assert "b" * 12 in str(error)

    def test_a_model_without_its_record(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        record_file(elsewhere.model_file).unlink()
        assert refused(load(), elsewhere).code is Code.E402

    def test_another_model_file_beside_the_record(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        elsewhere.model_file.write_bytes(b"another model")
        assert refused(load(), elsewhere).code is Code.E402


class TestFallbacks:
    def test_the_store_in_memory_that_rasa_falls_back_to(
        self, load: Callable[..., Agent], elsewhere: Elsewhere
    ) -> None:
        error = refused(load(store=InMemoryTrackerStore(Domain.empty())), elsewhere)
        assert error.code is Code.E401
        assert "InMemoryTrackerStore" in str(error)

    @pytest.mark.filterwarnings("ignore:Tracker store with type .* not found:UserWarning")
    def test_a_mistyped_store(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        mistyped = EndpointConfig(type="bot.dialogue.tracker_store.Typo")
        store = TrackerStore.create(mistyped, domain=Domain.empty())
        assert refused(load(store=store), elsewhere).code is Code.E401

    def test_rasas_own_words(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        error = refused(load(generator=None), elsewhere)
        assert error.code is Code.E401
        assert "TemplatedNaturalLanguageGenerator" in str(error)

    def test_an_untrained_classifier(
        self, load: Callable[..., Agent], elsewhere: Elsewhere, parts: dict[type, Any]
    ) -> None:
        trained = parts[BlendedIntentClassifier]
        untrained = BlendedIntentClassifier(trained._config, trained._storage, trained._resource)
        error = refused(load(pipeline={**parts, BlendedIntentClassifier: untrained}), elsewhere)
        assert error.code is Code.E401
        assert "untrained" in str(error)

    @pytest.mark.parametrize("part", PIPELINE, ids=lambda part: part.__name__)
    def test_a_part_of_the_pipeline_is_missing(
        self, load: Callable[..., Agent], elsewhere: Elsewhere, parts: dict[type, Any], part: type
    ) -> None:
        error = refused(load(pipeline={key: value for key, value in parts.items() if key is not part}), elsewhere)
        assert error.code is Code.E401
        assert part.__name__ in str(error)

    def test_a_part_stands_twice(
        self, load: Callable[..., Agent], elsewhere: Elsewhere, parts: dict[type, Any]
    ) -> None:
        assert refused(load(pipeline={**parts, object: parts[Router]}), elsewhere).code is Code.E401


class TestApprovedText:
    def test_a_reply_names_a_block_that_does_not_exist(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        self.change(elsewhere.domain_file, "[house.thanks]", "[house.gone]")
        error = refused(load(), elsewhere)
        assert error.code is Code.E102
        assert "house.gone" in str(error)

    def test_a_reply_offers_a_choice_without_a_title(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        self.change(elsewhere.domain_file, "choices: [ask_outlook, read_coping, read_treatment]", "choices: [deny]")
        error = refused(load(), elsewhere)
        assert error.code is Code.E102
        assert "choice.deny" in str(error)

    def test_the_words_were_changed_since_they_were_loaded(
        self, load: Callable[..., Agent], elsewhere: Elsewhere
    ) -> None:
        agent = load()
        house = LIBRARY.files["house.thanks"].relative_to(SETTINGS.approved_dir)
        self.change(elsewhere.approved_dir / house, "  house.thanks: |-\n", "  house.thanks: |-\n    Oh!\n")
        assert refused(agent, elsewhere).code is Code.E401

    def test_the_script_was_changed_since_it_was_loaded(self, load: Callable[..., Agent], elsewhere: Elsewhere) -> None:
        agent = load()
        self.change(elsewhere.domain_file, "[house.emergency, house.helpline]", "[house.helpline]")
        assert refused(agent, elsewhere).code is Code.E401

    @staticmethod
    def change(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


class TestAddresses:
    def test_our_channel_and_the_root_may_be_served(self) -> None:
        check_addresses(["", "webhooks/signpost/ready", "webhooks/signpost/messages"])

    @pytest.mark.parametrize(
        "path",
        ["webhooks/rest/webhook", "socket.io", "conversations/<id>/tracker", "model/parse", "webhooks/other"],
    )
    def test_any_other_way_in_is_refused(self, path: str) -> None:
        with pytest.raises(SignpostError, match="enable-api") as error:
            check_addresses(["", path])
        assert error.value.code is Code.E401
