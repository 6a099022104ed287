"""Does as it is asked: one JSON request a line on stdin, one JSON answer a line on stdout."""

import json
import sys
import traceback


class Refused(Exception):
    """What the cloud refused: its status and its words."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


def serve(run):
    for line in sys.stdin:
        try:
            answer = {"answer": run(json.loads(line))}
        except Refused as refusal:
            answer = {"refused": {"code": refusal.code, "message": refusal.message}}
        except Exception:
            answer = {"failed": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
