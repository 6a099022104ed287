import * as pulumi from "@pulumi/pulumi";

/** A resource as a program has registered it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export interface RunOptions {
  project?: string;
  stack?: string;
  /** What the state of the stack holds already: outputs by URN. */
  deployed?: Record<string, { outputs: Record<string, unknown> }>;
  /** Accounts that can be adopted. */
  accounts?: { id: string; name: string; folderId: string }[];
}

const HOME = "b1ghome";

/** Runs a program without engine and provider, and answers what it registered and warned of. */
export async function registeredBy<T>(
  program: () => T,
  { project = "shop", stack = "dev", deployed = {}, accounts = [] }: RunOptions = {},
): Promise<{ resources: Registered[]; warnings: string[]; value: T }> {
  const resources: Registered[] = [];
  const warnings: string[] = [];
  const log = jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warnings.push(message);
    return Promise.resolve();
  });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources.push({ type, name, inputs });
        return { id: `${name}-id`, state: { folderId: HOME, secretKey: `secret of ${name}`, ...inputs } };
      },
      call: ({ token, inputs }) => {
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { ...inputs, outputs: deployed };
        return accounts.find(({ id, name }) => id === inputs.serviceAccountId || name === inputs.name) ?? {};
      },
    },
    project,
    stack,
    true,
    "organization",
  );
  try {
    const value = program();
    // All outputs are resolved when nothing is registered or asked any more.
    await pulumi.runtime.disconnect();
    return { resources, warnings, value };
  } finally {
    log.mockRestore();
  }
}
