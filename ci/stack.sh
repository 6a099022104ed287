#!/usr/bin/env bash
# One task on one stack: ci/stack.sh up|repair|drift|destroy|doctor <stack>. After a failure doctor looks for its cause: a lock with
# its owner and age, a sign-in, a folder.
set -euo pipefail
task=$1
stack=$2

run() {
  case $task in
    # The engine checks the rules again: some values were unknown in the review.
    up) npm run --silent pulumi -- up "${options[@]}" --rules ;;
    # Refreshes first, so that changes made by hand in the cloud are undone.
    repair) npm run --silent pulumi -- up --refresh "${options[@]}" --rules ;;
    destroy) npm run --silent pulumi -- destroy "${options[@]}" ;;
    drift) npm run --silent drift -- --stack "$stack" ;;
    doctor) npm run --silent doctor -- --stack "$stack" --ci ;;
    *)
      echo "There is no task $task: choose up, repair, drift, destroy or doctor." >&2
      return 2
      ;;
  esac
}

options=(--stack "$stack" --yes --non-interactive --suppress-outputs)
code=0
run || code=$?
# 7 is drift that was found, and 2 a call that makes no sense: neither has a cause to look for.
case $code in
  0) result="done" ;;
  2 | 7) result="ended with $code, see the log" ;;
  *)
    result="failed with $code, see the log"
    [ "$task" = doctor ] || npm run --silent doctor -- --stack "$stack" >&2 || true
    ;;
esac
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || echo "**$task** of stack **$stack**: $result." >>"$GITHUB_STEP_SUMMARY"
exit "$code"
