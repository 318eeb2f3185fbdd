"""The environment variables that Signpost's processes are started with."""

from __future__ import annotations

from bot.run.fingerprint import FINGERPRINT_VARIABLE
from bot.settings import Settings

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",  # Rasa reports errors to its makers by default
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa is bound to SQLAlchemy 1.4, which warns of 2.0 at each start
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",  # nothing here uses a GPU; looking for one takes seconds
    "TQDM_DISABLE": "1",  # progress bars only fill a log
    "PYTHONUNBUFFERED": "1",
}


def service_environment(settings: Settings) -> dict[str, str]:
    """Return what every service gets: all settings as they were resolved, so that all parts agree on them.

    Args:
        settings: The settings, with a channel secret.

    Returns:
        Environment variables.
    """
    return {
        **QUIET,
        "SIGNPOST_HOST": settings.host,
        "SIGNPOST_GATEWAY_PORT": str(settings.gateway_port),
        "SIGNPOST_RASA_PORT": str(settings.rasa_port),
        "SIGNPOST_ACTIONS_PORT": str(settings.actions_port),
        "SIGNPOST_VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "SIGNPOST_TRACKER_DB": str(settings.tracker_db),
        "SIGNPOST_MODEL_DIR": str(settings.model_dir),
        "SIGNPOST_CHANNEL_SECRET": settings.channel_secret,
    }


def training_environment(settings: Settings) -> dict[str, str]:
    """Return what Rasa gets to train.

    Args:
        settings: The settings.

    Returns:
        Environment variables.
    """
    return {
        **service_environment(settings),
        "LOG_LEVEL": "INFO",  # names the component that is being trained
        "PYTHONWARNINGS": "ignore",  # Rasa's own, about its own dependencies
        "RASA_MAX_CACHE_SIZE": "0",  # we decide what to train; a cache would only fill the disk
    }


def serving_environment(settings: Settings, fingerprint: str) -> dict[str, str]:
    """Return what Rasa gets to serve.

    Args:
        settings: The settings, with a channel secret.
        fingerprint: What the model that it loads was trained from.

    Returns:
        Environment variables.
    """
    return {
        **service_environment(settings),
        "LOG_LEVEL": "WARNING",  # below it Rasa logs what visitors write
        "PYTHONWARNINGS": "ignore",
        "OMP_NUM_THREADS": "1",  # one message takes 4 ms on one core; more threads only get in each other's way
        FINGERPRINT_VARIABLE: fingerprint,
    }
