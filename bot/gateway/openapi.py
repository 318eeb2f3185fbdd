"""The description of the API, written by hand, so that it says what is meant and tests can hold the code to it."""

from __future__ import annotations

from typing import Any

from bot.errors import Code
from bot.gateway.refusal import STATUS
from bot.routes import Route

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_MAYBE: Schema = {"type": ["string", "null"]}


def _object(properties: dict[str, Schema], *optional: str, **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


_TURN = {
    "id": _TEXT,
    "route": _ref("Route"),
    "messages": {"type": "array", "minItems": 1, "items": _ref("Message")},
    "choices": {"type": "array", "items": _ref("Choice"), "uniqueItems": True},
    "reference": {**_MAYBE, "description": "The code to quote on the phone; null where there is no chat."},
}

_SCHEMAS: dict[str, Schema] = {
    "Route": {"type": "string", "enum": [route.value for route in Route]},
    "Source": _object({"title": _TEXT, "last_reviewed": _TEXT, "next_review": _TEXT}),
    "Message": _object(
        {
            "block": _TEXT,
            "kind": {"type": "string", "enum": ["leaflet", "house"]},
            "text": {**_TEXT, "description": "Approved text, to be shown as it is. Line breaks count."},
            "source": {"oneOf": [_ref("Source"), {"type": "null"}]},
        }
    ),
    "Choice": _object({"id": _TEXT, "title": _TEXT}),
    "Turn": _object(_TURN),
    "Entry": _object(
        {
            **_TURN,
            "at": {"type": "string", "format": "date-time"},
            "text": {**_MAYBE, "description": "What the visitor wrote, without the personal data that was recognised."},
            "choice": {"oneOf": [_ref("Choice"), {"type": "null"}]},
        }
    ),
    "Session": _object({"token": _TEXT, "reference": _TEXT, "turn": _ref("Turn")}),
    "Transcript": _object({"reference": _TEXT, "turns": {"type": "array", "items": _ref("Entry")}}),
    "Receipt": _object({"receipt": _TEXT}),
    "Alive": _object({"alive": {"const": True}}),
    "Ready": _object({"ready": {"const": True}}),
    "Failure": _object({"code": {"type": "string", "pattern": "^E[0-9]{3}$"}, "message": _TEXT}),
    "NotReady": _object({"ready": {"const": False}, "error": _ref("Failure")}),
    "Error": _object(
        {"error": _ref("Failure"), "turn": _ref("Turn")},
        "turn",
        description="What went wrong, and approved words to show all the same. Nothing that was sent is repeated.",
    ),
}


def openapi(max_chars: int) -> dict[str, Any]:
    """Describe the API.

    Args:
        max_chars: The longest message taken, in characters.

    Returns:
        An OpenAPI 3.1 document.
    """
    message_id = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
    text = {"type": "string", "maxLength": max_chars}
    message = {
        "oneOf": [
            {"type": "object", "properties": {name: schema, "message_id": message_id}, "required": [name]}
            for name, schema in (("text", text), ("choice", {"type": "string", "maxLength": 64}))
        ]
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Signpost chat",
            "version": "1",
            "description": "Approved answers about secondary breast cancer, word for word, and the way to people.",
        },
        "security": [],
        "paths": {
            "/api/chat/sessions": {"post": _operation("Begin a chat", 201, "Session", Code.E502, Code.E509, Code.E510)},
            "/api/chat/messages": {
                "post": {
                    **_operation(
                        "Send a message; one with the same message_id again gets the same turn",
                        200,
                        "Turn",
                        *(Code.E500, Code.E501, Code.E502, Code.E503, Code.E504, Code.E505, Code.E506),
                        *(Code.E509, Code.E510),
                        secured=True,
                    ),
                    "requestBody": {"required": True, "content": _content(message)},
                }
            },
            "/api/chat/transcript": {
                "get": _operation("Read the whole chat", 200, "Transcript", Code.E504, secured=True)
            },
            "/api/chat/session": {
                "delete": _operation("Delete the chat", 200, "Receipt", Code.E504, Code.E510, Code.E513, secured=True)
            },
            "/healthz": {"get": _operation("Whether the gateway is there", 200, "Alive")},
            "/readyz": {
                "get": _operation("Whether fixed sample messages are answered byte for byte", 200, "Ready", Code.E514)
            },
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(summary: str, status: int, schema: str, *codes: Code, secured: bool = False) -> Schema:
    responses: dict[str, Schema] = {str(status): {"description": summary, "content": _content(_ref(schema))}}
    for code in codes if codes == (Code.E514,) else (*codes, Code.E511):
        known = responses.get(str(STATUS[code]), {}).get("description", "")
        responses[str(STATUS[code])] = {
            "description": f"{known} {code.name}: {code.value}".strip(),
            "content": _content(_ref("NotReady" if code is Code.E514 else "Error")),
        }
    return {"summary": summary, "responses": responses, **({"security": [{"token": []}]} if secured else {})}
