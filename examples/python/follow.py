#!/usr/bin/env python3
"""Sends the lines of a file, and what is appended to it, to Meniscus. The position is kept beside the file, and only moved when the lines were taken."""

import argparse
import json
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request

BATCH = 1000


def publish(lines, app):
    tenant = urllib.parse.quote(os.environ["MENISCUS_TENANT"], safe="")
    url = "%s/v1/tenant/%s/publish" % (os.environ["MENISCUS_URL"], tenant)
    host = socket.gethostname()
    events = [{"host": host, "app": app, "message": line} for line in lines]
    body = "\n".join(json.dumps(event) for event in events).encode()
    headers = {"MESSAGE-TOKEN": os.environ["MENISCUS_TOKEN"], "Content-Type": "application/x-ndjson"}
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30):
                return
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(float(error.headers.get("Retry-After", 5)))
        except OSError:
            time.sleep(5)


def read_position(path):
    try:
        with open(path) as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--app", required=True)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args()
    kept = options.file + ".position"
    position, sent = read_position(kept), 0
    while True:
        # A file that is shorter than before was replaced: from its beginning then.
        position = position if os.path.getsize(options.file) >= position else 0
        with open(options.file, "rb") as file:
            file.seek(position)
            lines = [line for _, line in zip(range(BATCH), file) if line.endswith(b"\n")]
        if lines:
            publish([line.decode("utf-8", "replace").rstrip("\r\n") for line in lines], options.app)
            position += sum(map(len, lines))
            sent += len(lines)
            with open(kept + ".tmp", "w") as file:
                file.write(str(position))
            os.replace(kept + ".tmp", kept)
        elif options.once:
            print("sent %d lines" % sent)
            return
        else:
            time.sleep(1)


if __name__ == "__main__":
    main()
