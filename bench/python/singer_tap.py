"""The plain rows as a Singer tap, built with Meltano's SDK."""

import os

from orders import SCHEMA
from singer_sdk import RESTStream, Tap
from singer_sdk.contrib.msgspec import MsgSpecWriter
from singer_sdk.pagination import BaseOffsetPaginator


class Pages(BaseOffsetPaginator):
    def has_more(self, response):
        return self.current_value + 500 < response.json()["total"]


class Orders(RESTStream):
    name = "orders"
    path = "/orders"
    url_base = os.environ["SLUICE_BENCH_URL"]
    primary_keys = ("id",)
    records_jsonpath = "$.data[*]"
    schema = SCHEMA
    http_headers = {os.environ["SLUICE_BENCH_HEADER"]: os.environ["SLUICE_BENCH_TOKEN"]}

    def get_new_paginator(self):
        return Pages(0, 500)

    def get_url_params(self, context, next_page_token):
        return {"limit": 500, "offset": next_page_token or 0}


class TapOrders(Tap):
    name = "tap-orders"
    message_writer_class = MsgSpecWriter
    config_jsonschema = {"type": "object", "properties": {}}

    def discover_streams(self):
        return [Orders(self)]


TapOrders.cli()
