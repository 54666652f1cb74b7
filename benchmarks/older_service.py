"""A twin of the service before ours, to be measured beside it: Flask-RESTful, Redis, a rotating log.

Written after its public description, for ``POST /next`` and ``/last``, on the same libraries: the body by
reqparse, the arms of both experiments by murmur3, a random key of Redis for the control and one of the
user's list for the treatment, and a line by python-json-logger in a rotating file. As there, Flask's own
server answers HTTP/1.0, a connection and a line of access log per request. Values in Redis are JSON where the
original pickles, which costs about the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import NamedTuple

import mmh3
import redis
from flask import Flask
from flask_restful import Api, Resource, reqparse
from pythonjsonlogger.json import JsonFormatter
from werkzeug.serving import WSGIRequestHandler


class Stores(NamedTuple):
    tracks: redis.Redis
    lists: redis.Redis


def arm(experiment: str, user: int) -> str:
    seed = mmh3.hash(experiment) & 0xFFFFFFFF
    return ("C", "T1")[mmh3.hash(str(user), seed, signed=False) % 2]


def recommend(stores: Stores, user: int) -> int:
    if arm("PERSONALIZED", user) == "T1":
        found = stores.lists.get(str(user))
        if found is not None:
            return random.choice(json.loads(found))
    return int(stores.tracks.randomkey() or 0)


class Next(Resource):
    """``POST /next/<user>``; made anew for each request, as there."""

    message = "next"

    def __init__(self, stores: Stores, log: logging.Logger) -> None:
        self.stores, self.log = stores, log
        self.parser = reqparse.RequestParser()
        self.parser.add_argument("track", type=int, location="json", required=True)
        self.parser.add_argument("time", type=float, location="json", required=True)

    def post(self, user: int) -> dict[str, int]:
        start = time.time()
        played = self.parser.parse_args()
        chosen = self.chosen(user)
        event = {"timestamp": int(time.time() * 1000), "user": user, **played}
        event |= {"latency": time.time() - start, "recommendation": chosen}
        event["experiments"] = {name: arm(name, user) for name in ("AA", "PERSONALIZED")}
        self.log.info(self.message, extra=event)
        return {"user": user} if chosen is None else {"user": user, "track": chosen}

    def chosen(self, user: int) -> int | None:
        return recommend(self.stores, user)


class Last(Next):
    """``POST /last/<user>``: the session is over, nothing is recommended."""

    message = "last"

    def chosen(self, _user: int) -> None:
        return None


def filled(port: int) -> Stores:
    """Return the stores of a Redis server with 50,000 tracks and 10,000 lists."""
    stores = Stores(*(redis.Redis(port=port, db=number) for number in (0, 2)))
    with stores.tracks.pipeline(transaction=False) as batch:
        for number in range(50_000):
            batch.set(str(number), json.dumps({"track": number, "artist": "a", "title": "t"}))
        batch.execute()
    with stores.lists.pipeline(transaction=False) as batch:
        for user in range(10_000):
            batch.set(str(user), json.dumps([(user * 7 + place) % 50_000 for place in range(100)]))
        batch.execute()
    return stores


def rotating_log(path: Path) -> logging.Logger:
    log = logging.getLogger("data")
    log.setLevel(logging.INFO)
    handler = RotatingFileHandler(path, maxBytes=100 * 2**20, backupCount=10)
    handler.setFormatter(JsonFormatter())
    log.addHandler(handler)
    log.propagate = False
    return log


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", type=int, required=True, help="port of a Redis server")
    parser.add_argument("--log", type=Path, required=True)
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.INFO)
    WSGIRequestHandler.protocol_version = "HTTP/1.0"
    app = Flask("older")
    needed = {"stores": filled(options.redis), "log": rotating_log(options.log)}
    api = Api(app)
    api.add_resource(Next, "/next/<int:user>", resource_class_kwargs=needed)
    api.add_resource(Last, "/last/<int:user>", resource_class_kwargs=needed)
    app.run(port=options.port, threaded=True)


if __name__ == "__main__":
    main()
