#!/bin/sh
# One task on one stack: ci/stack.sh up|repair|drift|destroy <stack>. What failed is looked into: a lock with its owner and age,
# a sign-in, a folder.
set -eu
task=$1
stack=$2

run() {
  case $task in
    up) npm run --silent pulumi -- up --stack "$stack" --yes --non-interactive --suppress-outputs --rules ;;
    destroy) npm run --silent pulumi -- destroy --stack "$stack" --yes --non-interactive --suppress-outputs ;;
    # Looks at the cloud first, so that what was done there by hand is undone.
    repair) npm run --silent pulumi -- up --refresh --stack "$stack" --yes --non-interactive --suppress-outputs --rules ;;
    drift) npm run --silent drift -- --stack "$stack" ;;
    *)
      echo "There is no task $task: choose up, repair, drift or destroy." >&2
      exit 2
      ;;
  esac
}

code=0
(run) || code=$?
# 7 is drift that was found, and 2 a call that makes no sense: neither has a cause to look for.
case $code in
  0 | 2 | 7) ;;
  *) npm run --silent doctor -- --stack "$stack" >&2 || true ;;
esac
exit "$code"
