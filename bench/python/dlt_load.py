"""The plain rows with dlt's `rest_api` source into SQLite, by its `sqlalchemy` destination, merged by their key.

    python dlt_load.py FOLDER

The pipeline and `dlt.db` are kept in FOLDER, so a second run merges into what the first has loaded. Everything as dlt has it
unless said otherwise, but without telemetry.
"""

import os
import sys

os.environ.update(RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="ERROR")

import dlt  # noqa: E402
from dlt.destinations import sqlalchemy  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402

folder = sys.argv[1]
source = rest_api_source(
    {
        "client": {
            "base_url": os.environ["SLUICE_BENCH_URL"],
            "auth": {
                "type": "api_key",
                "name": os.environ["SLUICE_BENCH_HEADER"],
                "api_key": os.environ["SLUICE_BENCH_TOKEN"],
                "location": "header",
            },
        },
        "resources": [
            {
                "name": "orders",
                "primary_key": "id",
                "write_disposition": "merge",
                "endpoint": {
                    "path": "orders",
                    "data_selector": "data",
                    "paginator": {"type": "offset", "limit": 500, "total_path": "total"},
                },
            }
        ],
    }
)
pipeline = dlt.pipeline(
    "bench",
    pipelines_dir=os.path.join(folder, "pipelines"),
    destination=sqlalchemy(f"sqlite:///{os.path.join(folder, 'dlt.db')}"),
    dataset_name="main",
)
pipeline.run(source).raise_on_failed_jobs()
