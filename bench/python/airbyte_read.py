"""The plain rows with Airbyte's CDK, a declarative manifest: reads and writes messages to stdout, loads nothing.

    python airbyte_read.py FOLDER
"""

import json
import os
import pathlib
import sys

from airbyte_cdk.cli.source_declarative_manifest import run
from orders import SCHEMA

REQUEST = {"type": "RequestOption", "inject_into": "request_parameter"}

MANIFEST = {
    "version": "6.0.0",
    "type": "DeclarativeSource",
    "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
    "check": {"type": "CheckStream", "stream_names": ["orders"]},
    "streams": [
        {
            "type": "DeclarativeStream",
            "name": "orders",
            "primary_key": ["id"],
            "retriever": {
                "type": "SimpleRetriever",
                "requester": {
                    "type": "HttpRequester",
                    "url_base": os.environ["SLUICE_BENCH_URL"],
                    "path": "/orders",
                    "http_method": "GET",
                    "authenticator": {
                        "type": "ApiKeyAuthenticator",
                        "api_token": os.environ["SLUICE_BENCH_TOKEN"],
                        "inject_into": {
                            "type": "RequestOption",
                            "inject_into": "header",
                            "field_name": os.environ["SLUICE_BENCH_HEADER"],
                        },
                    },
                },
                "record_selector": {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": ["data"]}},
                "paginator": {
                    "type": "DefaultPaginator",
                    "page_token_option": {**REQUEST, "field_name": "offset"},
                    "page_size_option": {**REQUEST, "field_name": "limit"},
                    "pagination_strategy": {"type": "OffsetIncrement", "page_size": 500, "inject_on_first_request": True},
                },
            },
            "schema_loader": {"type": "InlineSchemaLoader", "schema": SCHEMA},
        }
    ],
}

CATALOG = {
    "streams": [
        {
            "stream": {"name": "orders", "json_schema": SCHEMA, "supported_sync_modes": ["full_refresh"]},
            "sync_mode": "full_refresh",
            "destination_sync_mode": "overwrite",
        }
    ]
}

folder = pathlib.Path(sys.argv[1])
config, catalog = folder / "config.json", folder / "catalog.json"
config.write_text(json.dumps({"__injected_declarative_manifest": MANIFEST}))
catalog.write_text(json.dumps(CATALOG))
sys.argv[1:] = ["read", "--config", str(config), "--catalog", str(catalog)]
run()
