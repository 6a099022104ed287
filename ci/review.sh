#!/usr/bin/env bash
# Which access a change would give or take: ci/review.sh <stack> <file> [<file for GitLab's counts>]. Then the rules of the
# policy pack, which stop the job. The messages of a review that fails are also kept in FAILURE_FILE, for the comment.
set -euo pipefail
stack=$1
file=$2
counts=${3:-}

code=0
{ npm run --silent review -- --stack "$stack" ${counts:+--counts "$counts"} >"$file"; } 2>&1 |
  tee "${FAILURE_FILE:-/dev/null}" >&2 || code=$?
cat "$file"
[ "$code" -eq 0 ] || exit "$code"
npm run --silent pulumi -- preview --stack "$stack" --non-interactive --suppress-outputs --rules
