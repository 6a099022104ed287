import { execFile, type ExecFileException } from "node:child_process";

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

/** Runs a program to its end. */
export const run = (file: string, args: string[], where: Where): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(file, args, where, (error, out, err) => resolve({ code: codeOf(error), output: out + err }));
  });

/** The code of a program that has ended: 1 where a signal has ended it, or where it could not be started. */
export const codeOf = (error: ExecFileException | null): number =>
  typeof error?.code === "number" ? error.code : Number(error !== null);
