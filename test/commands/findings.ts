import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { openApi } from "../support/api";
import { authorizedKey } from "../support/authorizedKey";
import type { Reader } from "./advice";

const DAY = 24 * 60 * 60 * 1000;

export type Env = Record<string, string>;

export interface Scene extends Reader {
  /** The settings of stack dev. */
  settings: string;
  account(): string;
}

export const settingsOf = (folderId: string, app = "shop") =>
  `config:\n  yandex:folderId: ${folderId}\n  yandex-ai-access:apps:\n    ${app}:\n      capabilities: [textGeneration]\n`;

interface Finding {
  finding: RegExp;
  /** Does what brings the finding, and answers what the user's environment becomes. */
  bring(scene: Scene): Env | void | Promise<Env | void>;
  /** Words that the advice has where it is not a command, and what a reader of them does. */
  words?: [RegExp, (scene: Scene) => Env | void | Promise<Env | void>];
  commands?: number;
}

/** The findings in the life of a stack: each round is one run of doctor, which has all findings of the round. */
export const lives: {
  stack: string;
  /** So many ms ago everything was made. */
  ago?: number;
  /** How the stack comes to be before the first round. */
  begin?: [command: string, ...args: string[]];
  rounds: Finding[][];
}[] = [
  {
    stack: "a stack from its first settings on",
    rounds: [
      [
        {
          finding: /Stack dev has no settings/,
          bring: ({ settings }) => rmSync(settings),
          words: [
            /copy stacks\/Pulumi\.dev\.example\.yaml to it, put your folder in/,
            ({ clone, settings, cloud }) => {
              copyFileSync(join(clone.folder, "stacks", "Pulumi.dev.example.yaml"), settings);
              const text = readFileSync(settings, "utf8");
              writeFileSync(settings, text.replace(/b1g0{10,}/g, cloud.folderId));
            },
          ],
        },
      ],
      [
        {
          finding: /still has the folder of the example/,
          bring: ({ settings, env: { PULUMI_CONFIG_PASSPHRASE: _, ...rest } }) => {
            writeFileSync(settings, settingsOf("b1g00000000000000000"));
            return rest;
          },
          words: [
            /Put the ID of your own/,
            ({ settings, cloud }) => writeFileSync(settings, settingsOf(cloud.folderId)),
          ],
          commands: 1,
        },
      ],
      [
        {
          finding: /There is no stack dev in it yet/,
          bring: ({ settings, cloud }) =>
            writeFileSync(settings, `${settingsOf(cloud.folderId)}      apiKey: { expiresAt: "${inDays(3)}" }\n`),
          commands: 1,
        },
      ],
      [
        {
          finding: /An update was interrupted during: creating/,
          bring: ({ clone }) =>
            edit(join(clone.folder, ".work/state/.pulumi/stacks/yandex-ai-access/dev.json"), (text) => {
              const state = JSON.parse(text) as {
                checkpoint: { latest: { pending_operations?: object[]; resources: { type: string }[] } };
              };
              const { latest } = state.checkpoint;
              const resource = latest.resources.find(({ type }) => type.endsWith(":IamServiceAccount"));
              latest.pending_operations = [{ type: "creating", resource }];
              return JSON.stringify(state);
            }),
          commands: 2,
        },
      ],
      [
        {
          finding: /is not in the state/,
          bring: ({ cloud, account }) => void cloud.addApiKey(account(), { expiresAt: Date.now() + 90 * DAY }),
          commands: 1,
        },
        {
          finding: /has expired/,
          bring: ({ cloud, account }) => void cloud.addApiKey(account(), { expiresAt: Date.now() - DAY }),
          commands: 1,
        },
        {
          finding: /API key aje\w+ expires in [234] days/,
          bring: () => {},
          words: [
            /move apiKey\.expiresAt first/,
            ({ settings }) => edit(settings, (text) => text.replace(inDays(3), inDays(60))),
          ],
          commands: 1,
        },
      ],
      [
        {
          finding: /cannot be listed/,
          bring: async ({ cloud, account }) => {
            using api = openApi(cloud, "rest");
            await api.call("ServiceAccountService/Delete", { serviceAccountId: account() });
          },
          commands: 1,
        },
      ],
    ],
  },
  {
    stack: "a stack that has nothing yet",
    begin: ["pulumi", "stack", "init", "dev"],
    rounds: [
      [
        {
          finding: /No passphrase for stack dev: set PULUMI_CONFIG_PASSPHRASE/,
          bring: ({ env: { PULUMI_CONFIG_PASSPHRASE: _, ...rest } }) => rest,
          words: [/put the passphrase there and run this again/, ({ env }) => env],
        },
      ],
      [
        {
          finding: /secrets of stack dev cannot be decrypted/,
          bring: ({ env }) => ({ ...env, PULUMI_CONFIG_PASSPHRASE: "wrong" }),
          words: [/Set PULUMI_CONFIG_PASSPHRASE to that of the stack/, ({ env }) => env],
        },
      ],
      [
        {
          finding: /^PROBLEM {2}The backend file:\/\/\/nowhere\/at\/all does not answer: /,
          bring: ({ env }) => ({ ...env, PULUMI_BACKEND_URL: "file:///nowhere/at/all" }),
          words: [/Check PULUMI_BACKEND_URL/, ({ env }) => env],
        },
      ],
      [
        {
          finding: /No folder is named/,
          bring: ({ settings }) => edit(settings, (text) => text.replace(/ {2}yandex:folderId.*\n/, "")),
          words: [
            /Write yandex:folderId into the stack's settings/,
            ({ settings, cloud }) =>
              edit(settings, (text) => text.replace("config:", `config:\n  yandex:folderId: ${cloud.folderId}`)),
          ],
        },
      ],
      [
        {
          finding: /yandex:maxRetries must be a whole number/,
          bring: ({ settings }) =>
            edit(settings, (text) => text.replace("config:", "config:\n  yandex:maxRetries: many")),
          words: [/Correct the setting/, ({ settings }) => edit(settings, (text) => text.replace("many", "5"))],
        },
      ],
      [
        {
          finding: /^PROBLEM {2}The cloud does not show the folder: .*YC_TOKEN/,
          bring: ({ env }) => ({ ...env, YC_TOKEN: "t1.of.nobody" }),
          words: [/Check YC_TOKEN and folder/, ({ env }) => env],
        },
      ],
      [
        {
          finding: /The cloud cannot be reached/,
          bring: ({ env }) => ({ ...env, YC_ENDPOINT: "127.0.0.1:1" }),
          words: [/Check the network, a proxy, and the endpoint 127\.0\.0\.1:1/, ({ env }) => env],
        },
      ],
      [
        {
          finding: /The stack has been locked by .* That process no longer exists/,
          bring: ({ clone }) => {
            const folder = join(clone.folder, ".work/state/.pulumi/locks/organization/yandex-ai-access/dev");
            mkdirSync(folder, { recursive: true });
            const lock = {
              pid: 2 ** 22 + 1,
              username: "me",
              hostname: hostname(),
              timestamp: new Date(0).toISOString(),
            };
            writeFileSync(join(folder, "one.json"), JSON.stringify(lock));
          },
          commands: 1,
        },
      ],
      [
        {
          finding:
            /^warning {2}No direct role on the folder allows to make service accounts; one may be inherited from the cloud\.$/,
          bring: ({ cloud, env }) => ({
            ...env,
            YC_TOKEN: "",
            YC_SERVICE_ACCOUNT_KEY_FILE: authorizedKey(cloud, cloud.addAccount({ name: "reader", roles: ["viewer"] })),
          }),
          commands: 1,
        },
      ],
    ],
  },
  {
    stack: "a stack whose key nobody uses",
    ago: 40 * DAY,
    begin: ["start", "--stack", "dev", "--yes"],
    rounds: [
      [
        {
          finding: /has not been used for 40 days/,
          bring: () => {},
          words: [
            /remove the application from the settings, then/,
            ({ settings, cloud, env }) => {
              edit(settings, (text) => text.replace("shop:", "desk:"));
              // The key of the next application is made today.
              cloud.clock.advance(40 * DAY);
              env.YC_TOKEN = cloud.token;
            },
          ],
          commands: 1,
        },
      ],
    ],
  },
];

/** A day at midnight, so that it is the same text whenever it is asked for in a test. */
const today = new Date().setUTCHours(0, 0, 0, 0);
const inDays = (days: number): string => new Date(today + days * DAY).toISOString();

const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, "utf8")));
