"""The same as service.ts, with nothing but Python's standard library."""

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# For a machine or function whose service account is among the `readers` of the secret. No variable holds a secret.
SECRET_ID = os.environ["LOCKBOX_SECRET_ID"]
ENTRY = os.environ.get("LOCKBOX_ENTRY", "api_key")
LOCKBOX_URL = os.environ.get("LOCKBOX_URL", "https://payload.lockbox.api.cloud.yandex.net")
METADATA = os.environ.get("YC_METADATA_ADDR", "169.254.169.254")
TOKEN_URL = f"http://{METADATA}/computeMetadata/v1/instance/service-accounts/default/token"
BASE_URL = os.environ["OPENAI_BASE_URL"]
PROJECT_ID = os.environ["OPENAI_PROJECT_ID"]
MODEL = os.environ.get("MODEL", f"gpt://{PROJECT_ID}/yandexgpt/latest")

# How long a key is used before Lockbox is asked again; at most half of the overlap of the rotation.
KEEP_SECONDS = float(os.environ.get("KEEP_SECONDS", "300"))
RETRY_SECONDS = min(KEEP_SECONDS, 10)
TIMEOUT_SECONDS = 5


def get_json(url, headers):
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
        return json.load(response)


def read_key():
    token = get_json(TOKEN_URL, {"Metadata-Flavor": "Google"})["access_token"]
    url = f"{LOCKBOX_URL}/lockbox/v1/secrets/{SECRET_ID}/payload"
    for entry in get_json(url, {"Authorization": f"Bearer {token}"}).get("entries", []):
        if entry["key"] == ENTRY:
            return entry["textValue"]
    raise LookupError(f"secret {SECRET_ID} has no entry {ENTRY}")


class LockboxKey:
    """The key as Lockbox has it. While Lockbox cannot be read the last key is used on, because it works for the overlap."""

    def __init__(self):
        self._lock = threading.Lock()
        self._key = ""
        self._good_until = 0.0

    def current(self):
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._renew()
            return self._key

    def refused(self, key):
        """Somebody has revoked the key: Lockbox has the next one."""
        with self._lock:
            if key == self._key:
                self._good_until = 0.0

    def _renew(self):
        try:
            self._key = read_key()
            self._good_until = time.monotonic() + KEEP_SECONDS
        except (OSError, LookupError, ValueError) as error:
            print(f"The key cannot be read from Lockbox: {error}", file=sys.stderr, flush=True)
            if not self._key:
                raise
            self._good_until = time.monotonic() + RETRY_SECONDS


api_key = LockboxKey()


def ask(question, key):
    body = {"model": MODEL, "messages": [{"role": "user", "content": question}]}
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Project": PROJECT_ID, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{BASE_URL}/chat/completions", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["choices"][0]["message"]["content"]


def answer(question):
    key = api_key.current()
    try:
        return ask(question, key)
    except urllib.error.HTTPError as error:
        if error.code != 401:
            raise
        api_key.refused(key)
        return ask(question, api_key.current())


class Service(BaseHTTPRequestHandler):
    """POST a question as text, get the answer as text."""

    def do_POST(self):
        question = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            status, text = 200, answer(question)
        except urllib.error.HTTPError as error:
            status, text = 502, f"AI Studio answered {error.code}."
        except (OSError, LookupError, ValueError):
            status, text = 502, "There is no answer; see the log."
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


# Without a first key it does not start, so that a missing role is seen at once.
try:
    api_key.current()
except (OSError, LookupError, ValueError):
    sys.exit(1)
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Service)
print(f"listening on {server.server_address[1]}", flush=True)
server.serve_forever()
