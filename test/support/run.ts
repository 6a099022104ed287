import { execFile } from "node:child_process";

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

/** Runs a program to its end. Its code is 1 where a signal has ended it, or where it could not be started. */
export const run = (file: string, args: string[], where: Where): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(file, args, where, (error, out, err) => {
      const code = typeof error?.code === "number" ? error.code : Number(error !== null);
      resolve({ code, output: out + err });
    });
  });
