"""A stand-in for the service before ours, to be measured beside it: Flask, Redis, a rotating log.

Written after its public description, for ``POST /next`` only: the arm of PERSONALIZED by murmur3, a random
key of Redis for the control and one of the user's list for the treatment, and a line of JSON per request in
a rotating file. As there, HTTP/1.0: a connection per request. Values are JSON here where the original
pickles, which costs about the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

import mmh3
import redis
from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler

SEED = mmh3.hash("PERSONALIZED") & 0xFFFFFFFF


def create_app(tracks: redis.Redis, lists: redis.Redis, log: logging.Logger) -> Flask:
    app = Flask("older")

    def recommend(user: int) -> int:
        if mmh3.hash(str(user), SEED, signed=False) % 2:
            found = lists.get(user)
            if found is not None:
                return random.choice(json.loads(found))
        return int(tracks.randomkey())

    @app.post("/next/<int:user>")
    def answer(user: int) -> dict[str, int]:
        start = time.time()
        body = request.get_json()
        track, share = int(body["track"]), float(body["time"])
        chosen = recommend(user)
        event = {"message": "next", "timestamp": int(time.time() * 1000), "user": user, "track": track}
        event |= {"time": share, "latency": time.time() - start, "recommendation": chosen}
        log.info(json.dumps({**event, "experiments": {"PERSONALIZED": "?"}}))
        return {"user": user, "track": chosen}

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", type=int, required=True, help="port of a Redis server")
    parser.add_argument("--log", type=Path, required=True)
    options = parser.parse_args()
    tracks, lists = (redis.Redis(port=options.redis, db=number) for number in (0, 2))
    for number in range(50_000):
        tracks.set(number, json.dumps({"track": number, "artist": "a", "title": "t"}))
    for user in range(10_000):
        lists.set(user, json.dumps([(user * 7 + place) % 50_000 for place in range(100)]))
    log = logging.getLogger("data")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(RotatingFileHandler(options.log, maxBytes=100 * 2**20, backupCount=10))
    logging.getLogger("werkzeug").disabled = True
    WSGIRequestHandler.protocol_version = "HTTP/1.0"
    create_app(tracks, lists, log).run(port=options.port, threaded=True)


if __name__ == "__main__":
    main()
