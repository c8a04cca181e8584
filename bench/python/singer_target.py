"""A Singer target for SQLite as Meltano's SDK makes one: what an SQL connector has by itself, with a URL and
with adapters for what Python's sqlite3 does not take. Lists and objects become JSON: there are no child tables.
"""

import datetime
import decimal
import json
import sqlite3

from singer_sdk.contrib.msgspec import MsgSpecReader
from singer_sdk.sql import SQLConnector, SQLSink, SQLTarget

sqlite3.register_adapter(datetime.datetime, datetime.datetime.isoformat)
sqlite3.register_adapter(decimal.Decimal, float)
for kind in (dict, list):
    sqlite3.register_adapter(kind, lambda value: json.dumps(value, default=float))


class Connector(SQLConnector):
    allow_temp_tables = False
    allow_column_alter = False

    def get_sqlalchemy_url(self, config):
        return f"sqlite:///{config['database']}"


class Sink(SQLSink):
    connector_class = Connector


class TargetSQLite(SQLTarget):
    name = "target-sqlite"
    message_reader_class = MsgSpecReader
    config_jsonschema = {"type": "object", "properties": {"database": {"type": "string"}}, "required": ["database"]}
    default_sink_class = Sink


TargetSQLite.cli()
