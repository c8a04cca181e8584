"""Runs configurations with real dlt and writes what came of them to golden/.

    python conformance/run_dlt.py [NAME ...]

Starts conformance/server.mjs with `node`. Loads each YAML once or twice into a fresh SQLite file, as manifest.json says, and keeps
the requests the server saw and the tables, in the form of compare.mjs: dlt's own columns gone, child rows inside their parents,
times as UTC text, nulls left out. What only sluice understands is taken out of a configuration first.
"""

import functools
import hashlib
import json
import operator
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
import warnings

HERE = pathlib.Path(__file__).resolve().parent
BASE = "http://127.0.0.1:8700"  # as written in the configurations; the real port takes its place

os.environ.update(
    RUNTIME__DLTHUB_TELEMETRY="false",
    RUNTIME__LOG_LEVEL="CRITICAL",
    RUNTIME__REQUEST_MAX_ATTEMPTS="4",
    RUNTIME__REQUEST_BACKOFF_FACTOR="0.01",
    LOAD__RAISE_ON_MAX_RETRIES="1",
)
warnings.filterwarnings("ignore")

import dlt  # noqa: E402
import yaml  # noqa: E402
from dlt.destinations import sqlalchemy  # noqa: E402
from dlt.sources.rest_api import rest_api_source  # noqa: E402


class Loader(yaml.SafeLoader):
    """YAML 1.2 where it matters: dates stay texts, `on` and `yes` too."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))

# --- the configuration ---


def substitute(value, env):
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: env[match[1]] if match[1] in env else dlt.secrets[match[1]], value)
    if isinstance(value, list):
        return [substitute(item, env) for item in value]
    if isinstance(value, dict):
        return {name: substitute(item, env) for name, item in value.items()}
    return value


def without_extras(config):
    """Takes out the keys that only sluice has."""
    config = {name: value for name, value in config.items() if name != "name"}
    for extra in ("retry", "limits", "allowed_hosts"):
        config.get("client", {}).pop(extra, None)
    for resource in [config.get("resource_defaults", {}), *config.get("resources", [])]:
        if isinstance(resource, dict):
            resource.pop("on_bad_row", None)
            endpoint = resource.get("endpoint")
            if isinstance(endpoint, dict):
                for extra in ("retry", "data_selector_required"):
                    endpoint.pop(extra, None)
    return config


CONVERSIONS = {
    "epoch_s": lambda value: int(dlt.common.time.ensure_pendulum_datetime_utc(value).timestamp()),
    "date": lambda value: str(value)[:10],
}


def compares(predicate, row):
    if "any" in predicate:
        return any(compares(inner, row) for inner in predicate["any"])
    if "all" in predicate:
        return all(compares(inner, row) for inner in predicate["all"])
    if "not" in predicate:
        return not compares(predicate["not"], row)
    found, wanted, op = row.get(predicate["path"]), predicate.get("value"), predicate["op"]
    if op == "starts_with":
        return str(found).startswith(wanted)
    if op == "exists":
        return predicate["path"] in row
    return getattr(operator, op)(found, wanted)


def changed(changes, row):
    row = {changes.get("rename", {}).get(name, name): value for name, value in row.items()}
    row = {name: value for name, value in row.items() if name not in changes.get("drop", [])}
    return {**row, **changes.get("set", {})}


def exploded(field, row):
    for element in row[field]:
        yield {**{name: value for name, value in row.items() if name != field}, **element}


STEPS = {"filter": compares, "map": changed, "explode": exploded}


def with_functions(config):
    """Named conversions and declarative steps as the functions dlt has in their place."""
    for resource in config.get("resources", []):
        if not isinstance(resource, dict):
            continue
        if "processing_steps" in resource:
            resource["processing_steps"] = [
                {"yield_map" if kind == "explode" else kind: functools.partial(STEPS[kind], what)}
                for step in resource["processing_steps"]
                for kind, what in step.items()
            ]
        endpoint = resource.get("endpoint")
        if isinstance(endpoint, dict):
            for holder in [endpoint.get("incremental"), *(endpoint.get("params") or {}).values()]:
                if isinstance(holder, dict) and isinstance(holder.get("convert"), str):
                    holder["convert"] = CONVERSIONS[holder["convert"]]
    return config


def patched(config, patch):
    """`{"resources.0.write_disposition": "merge"}`: what dlt gets in place of something it cannot do on SQLite."""
    for path, value in patch.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        holder = config
        for step in steps:
            holder = holder[step]
        if isinstance(value, str) and value.startswith("py:"):
            value = eval(value[3:], {})  # the manifest is part of this repository
        holder[last] = value
    return config


# --- the tables ---

FAMILIES = {"bigint": "integer", "double": "real", "bool": "boolean"}
TIME = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?$")
HIDDEN = {"_dlt_id", "_dlt_load_id", "_dlt_parent_id", "_dlt_list_idx", "_dlt_root_id"}


def cell(value, family, parse_json=True):
    if isinstance(value, int) and abs(value) > 2**53:
        return f"$int:{value}"
    if family == "decimal" and value is not None:
        return float(value)
    if family == "time" and isinstance(value, str):
        return re.sub(r"\.?0*$", "", value) if "." in value else value
    if isinstance(value, bytes):
        return f"$bytes:{value.hex()}"
    if isinstance(value, str):
        if family == "json" and parse_json:
            return json.loads(value)
        match = TIME.match(value) if family == "timestamp" else None
        if match:
            fraction = (match[3] or "")[:6].rstrip("0")
            return f"{match[1]}T{match[2]}{'.' + fraction if fraction else ''}Z"
    return value


def read_tables(path, schema):
    if not os.path.exists(path):
        return {}
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    tables, rows_of, below = {}, {}, {}
    for name in names:
        if name.startswith("_dlt") or name not in schema.tables:
            continue
        columns = {column: hint for column, hint in schema.tables[name]["columns"].items() if "data_type" in hint}
        families = {column: FAMILIES.get(hint["data_type"], hint["data_type"]) for column, hint in columns.items()}
        parent = schema.tables[name].get("parent")
        stored = connection.execute(f'SELECT * FROM "{name}"').fetchall()
        shown = [column for column in (stored[0].keys() if stored else families) if column not in HIDDEN]
        tables[name] = {"columns": {column: families[column] for column in sorted(shown) if not column.startswith("_dlt_valid")}}
        if parent:
            tables[name]["parent"] = parent
        rows = []
        for row in stored:
            tree = {column: cell(row[column], families.get(column)) for column in sorted(shown) if row[column] is not None}
            if "_dlt_valid_from" in row.keys():
                tree.pop("_dlt_valid_from", None)
                tree["$retired"] = tree.pop("_dlt_valid_to", None) is not None
            rows.append(tree)
            rows_of[row["_dlt_id"]] = rows_of.get(row["_dlt_id"], []) + [tree]
            if parent:
                below.setdefault(name, []).append((row["_dlt_parent_id"], row["_dlt_list_idx"], tree))
        tables[name]["rows"] = rows
    for name, children in below.items():
        orphans = []
        for parent_id, _, tree in sorted(children, key=lambda child: child[1]):
            holders = rows_of.get(parent_id)
            if not holders:
                orphans.append(tree)
            for holder in holders or []:
                holder.setdefault(f">{name}", []).append(tree)
        if orphans:
            tables[name]["orphans"] = orphans
    for table in tables.values():
        if "parent" in table:
            del table["rows"]
        else:
            table["rows"].sort(key=lambda row: json.dumps(row, sort_keys=True))
    connection.close()
    return tables


# --- one configuration ---


def control(server, path):
    with urllib.request.urlopen(f"{server}/_control/{path}") as response:
        return json.loads(response.read())


def error_name(error):
    """The innermost cause that says something, by class."""
    while error.__cause__ is not None or getattr(error, "exception", None) is not None:
        error = getattr(error, "exception", None) or error.__cause__
    return type(error).__name__


def config_files(name):
    """`NAME.yaml`, and `NAME.second.yaml` where the second load has another one."""
    return [path for path in (HERE / "configs" / f"{name}{end}" for end in (".yaml", ".second.yaml")) if path.exists()]


def run(name, entry, server, folder):
    texts = [path.read_text().replace(BASE, server) for path in config_files(name)]
    env = entry.get("env", {})
    os.environ.update(env)
    database = os.path.join(folder, f"{name}.db")
    loads = []
    pipeline = dlt.pipeline(
        "c" + hashlib.md5(name.encode()).hexdigest()[:8],
        pipelines_dir=os.path.join(folder, "pipelines"),
        destination=sqlalchemy(f"sqlite:///{database}"),
        dataset_name="main",
    )
    for load in range(1, entry.get("loads", 1) + 1):
        control(server, f"reset?generation={load}")
        outcome, error = "ok", None
        step = "rejected"
        try:
            config = with_functions(patched(without_extras(substitute(yaml.load(texts[min(load, len(texts)) - 1], Loader), env)), entry.get("dlt", {})))
            source = rest_api_source(config)
            step = "failed"
            pipeline.run(source).raise_on_failed_jobs()
        except Exception as raised:
            outcome, error = step, error_name(raised)
            if os.environ.get("CONFORMANCE_TRACE"):
                import traceback

                traceback.print_exc()
        requests = control(server, "log")
        if entry.get("unordered"):
            requests.sort(key=json.dumps)
        schemas = pipeline.schemas
        schema = schemas[pipeline.default_schema_name] if pipeline.default_schema_name in schemas else None
        result = {
            "outcome": outcome,
            **({"error": error} if error else {}),
            "requests": requests,
            "tables": read_tables(database, schema) if schema else {},
        }
        loads.append(json.loads(json.dumps(result).replace(server, BASE)))
    for variable in env:
        os.environ.pop(variable, None)
    return {"dlt": dlt.__version__, "loads": loads}


def pretty(value, depth=0):
    """JSON with a line for each request and each row."""
    flat = json.dumps(value, ensure_ascii=False)
    if depth > 5 or len(flat) < 100 or not isinstance(value, (dict, list)):
        return flat
    pad = "\n" + " " * (depth + 1)
    if isinstance(value, dict):
        if "method" in value or "columns" not in value and depth > 4:
            return flat
        inner = [f"{json.dumps(name, ensure_ascii=False)}: {pretty(item, depth + 1)}" for name, item in value.items()]
    else:
        inner = [pretty(item, depth + 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{pad}{(',' + pad).join(inner)}{pad[:-1]}{closing}"


def main(names):
    manifest = json.loads((HERE / "manifest.json").read_text())
    wanted = [name for name in manifest if not names or name in names]
    node = subprocess.Popen(["node", str(HERE / "server.mjs")], stdout=subprocess.PIPE, text=True)
    folder = tempfile.mkdtemp(prefix="conformance-")
    try:
        server = f"http://127.0.0.1:{node.stdout.readline().strip()}"
        for name in wanted:
            entry = manifest[name]
            if entry.get("by_hand"):
                continue
            golden = run(name, entry, server, folder)
            (HERE / "golden" / f"{name}.json").write_text(pretty(golden) + "\n")
            print(name, *[load["outcome"] + (" " + load["error"] if "error" in load else "") for load in golden["loads"]], sep="\t", flush=True)
    finally:
        node.terminate()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
