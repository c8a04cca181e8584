"""The JSON Schema of the plain rows, for the peers that want one."""

TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}
NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
FLAG = {"type": "boolean"}

SCHEMA = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "number": INTEGER,
        "customer": TEXT,
        "email": TEXT,
        "subject": TEXT,
        "note": {"type": ["string", "null"]},
        "status": TEXT,
        "channel": TEXT,
        "amount": NUMBER,
        "items": INTEGER,
        "weight": {"type": ["number", "null"]},
        "paid": FLAG,
        "gift": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
        "address": {"type": "object", "properties": {"street": TEXT, "city": TEXT, "zip": TEXT}},
        "tags": {"type": "array", "items": TEXT},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": TEXT, "quantity": INTEGER, "price": NUMBER}},
        },
    },
}
