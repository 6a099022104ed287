/**
 * What GitHub gives to a job and takes from it. Each rule has the public source it was read in, as of November 2026.
 */
export type Words = Record<string, string>;
export type Rights = Words | undefined;

/** The context `github`, as far as the rules look at it. */
export interface GithubContext {
  repository?: string;
  actor?: string;
  event_name?: string;
  event?: { pull_request?: { number: number; head: { sha: string; repo: { full_name: string } } } };
}

const isFork = ({ repository, event }: GithubContext): boolean =>
  event?.pull_request !== undefined && event.pull_request.head.repo.full_name !== repository;

/**
 * A fork's pull request gets no secret and a token that only reads; one by Dependabot gets no secret of Actions.
 * docs.github.com: "Events that trigger workflows", pull requests of forks; "Troubleshooting Dependabot on GitHub Actions".
 */
export const seesSecrets = (github: GithubContext): boolean => !isFork(github) && github.actor !== "dependabot[bot]";

export function rightsOf(asked: Rights, github: GithubContext): Rights {
  if (!isFork(github)) return asked;
  return Object.fromEntries(
    Object.entries(asked ?? {})
      .filter(([name]) => name !== "id-token")
      .map(([name]) => [name, "read"]),
  );
}

/**
 * A workflow that is called may not ask for more than its caller has: the run does not even start.
 * docs.github.com: "Reusing workflow configurations", access and permissions.
 */
export function rightsOfCalled(asked: Rights, callers: Rights): Rights {
  for (const [name, value] of Object.entries(asked ?? {})) {
    const most = callers?.[name] ?? "none";
    if (most !== value && most !== "write")
      throw new Error(`The nested job is requesting '${name}: ${value}', but is only allowed '${name}: ${most}'.`);
  }
  return asked;
}

export interface Concurrency {
  group: string;
  "cancel-in-progress"?: boolean;
  queue?: "single" | "max";
}

/**
 * The jobs that GitHub cancels while the first of each group still runs or waits for approval: with `queue: single`, the
 * default, only the last job that waits is kept; `max` keeps a hundred.
 * docs.github.com: "Control the concurrency of workflows and jobs"; github.blog/changelog/2026-05-07.
 */
export function cancelledOf(arrivals: (Concurrency & { name: string })[]): string[] {
  const cancelled: string[] = [];
  // The name of a group is compared without regard to case.
  const groupOf = (name: string) => arrivals.filter(({ group }) => group.toLowerCase() === name);
  for (const name of new Set(arrivals.map(({ group }) => group.toLowerCase()))) {
    const [running, ...later] = groupOf(name);
    const waiting: string[] = [];
    for (const { name, queue = "single", ...job } of later) {
      if (job["cancel-in-progress"] && queue === "max")
        throw new Error("`queue: max` and `cancel-in-progress: true` are not allowed together.");
      if (job["cancel-in-progress"]) cancelled.push(running!.name);
      if (queue === "single") cancelled.push(...waiting.splice(0));
      if (waiting.length === 100) cancelled.push(name);
      else waiting.push(name);
    }
  }
  return cancelled;
}
