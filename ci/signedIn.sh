#!/bin/sh
# Signs in and runs a command: ci/signedIn.sh <command> [<argument>…]. For CI systems whose steps share no variables.
set -eu
umask 077
variables=$(mktemp)
trap 'rm -f "$variables"' EXIT
node ci/signIn.mjs "$variables"
set -a
# shellcheck source=/dev/null
. "$variables"
set +a
rm "$variables"
exec "$@"
