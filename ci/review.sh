#!/bin/sh
# What a change would give or take: ci/review.sh <stack> <file> [<file for GitLab's counts>]. Then the rules of the policy
# pack, which stop the job.
set -eu
stack=$1
file=$2
counts=${3:-}

code=0
npm run --silent review -- --stack "$stack" ${counts:+--counts "$counts"} >"$file" || code=$?
cat "$file"
[ "$code" -eq 0 ] || exit "$code"
npm run --silent pulumi -- preview --stack "$stack" --non-interactive --suppress-outputs --rules
