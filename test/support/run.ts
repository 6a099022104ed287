/** How a program has ended, and all that it said: first its output, then its errors. */
export interface Ran {
  code: number;
  output: string;
}

interface Where {
  cwd?: string;
  /** All of its environment. */
  env: NodeJS.ProcessEnv;
}

interface Elsewhere extends Where {
  /** Gets the output piece by piece, as it comes. Default: nobody. */
  say?(stream: "stdout" | "stderr", text: string): void;
  /** Raised, it is Ctrl-C to the program. */
  interrupt?: AbortSignal;
}

/** The code of a program that a signal has ended is null, and undefined where it could not be started. */
interface Ended {
  code?: number | null;
  stdout: string;
  stderr: string;
}

declare global {
  var startElsewhere: ((file: string, args: string[], how: Elsewhere) => Promise<Ended>) & { pid(): number };
}

/** Runs a program to its end. A small process starts it (starter.js), which the environment of the tests keeps. */
export const runElsewhere = (file: string, args: string[], how: Elsewhere): Promise<Ended> =>
  globalThis.startElsewhere(file, args, how);

/** The small process, which is the parent of all that runs elsewhere. */
export const starterPid = (): number => globalThis.startElsewhere.pid();

/** Runs a program to its end. */
export async function run(file: string, args: string[], where: Where): Promise<Ran> {
  const { code, stdout, stderr } = await runElsewhere(file, args, where);
  return { code: code ?? 1, output: stdout + stderr };
}
