#!/bin/sh
# What a change would give or take: ci/review.sh <stack> <file>. Then the rules of the policy pack, which stop the job.
set -eu
stack=$1
file=$2

npm run --silent review -- --stack "$stack" >"$file"
cat "$file"
npm run --silent pulumi -- preview --stack "$stack" --non-interactive --suppress-outputs \
  --policy-pack policy/pulumi-analyzer-yandex-ai-access
