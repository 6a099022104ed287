import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCloud } from "../support/cloud";
import { adviceOn, type } from "./advice";
import { startClone } from "./clone";
import { type Env, lives, type Scene, settingsOf } from "./findings";

/** A clone with settings of stack dev, and a cloud that is not its own, whose clock may be behind. */
async function openScene(behind: number): Promise<Scene & AsyncDisposable> {
  const cloud = await startCloud({ clock: () => Date.now() - behind });
  const clone = startClone();
  const settings = join(clone.folder, "stacks", "Pulumi.dev.yaml");
  const env = {
    YC_TOKEN: cloud.token,
    YC_ENDPOINT: cloud.endpoint,
    YC_AI_ENDPOINT: cloud.url,
    YC_PLAINTEXT: "true",
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
  };
  writeFileSync(settings, settingsOf(cloud.folderId));
  return {
    cloud,
    clone,
    env,
    settings,
    account: () => cloud.snapshot().accounts[0]!.id,
    async [Symbol.asyncDispose]() {
      await clone[Symbol.asyncDispose]();
      await cloud.close();
    },
  };
}

describe("the advice of npm run doctor", () => {
  it.each(lives)("is followed to the letter, and ends each finding of $stack", async ({ ago = 0, begin, rounds }) => {
    await using scene = await openScene(ago);
    const { clone } = scene;
    if (begin) expect(await clone.run(begin[0], begin.slice(1), scene.env)).toMatchObject({ code: 0 });
    const doctor = async (env: Env) => {
      const { code, output } = await clone.run("doctor", ["--stack", "dev"], env);
      expect([code, output]).toEqual([
        /^PROBLEM/m.test(output) ? 1 : 0,
        expect.not.stringMatching(/^ +at |PRIVATE KEY/m),
      ]);
      return output;
    };
    const ended: RegExp[] = [];
    const stillSaid = (output: string) => ended.filter((finding) => adviceOn(output, finding) !== undefined);

    let env: Env = scene.env;
    for (const round of rounds) {
      env = scene.env;
      for (const { bring } of round) env = (await bring(scene)) ?? env;
      const output = await doctor(env);
      expect(stillSaid(output)).toEqual([]);
      for (const { finding, words, commands = 0 } of round) {
        const advice = adviceOn(output, finding);
        expect([finding, advice]).toEqual([finding, expect.stringMatching(words?.[0] ?? /./)]);
        if (words) env = (await words[1](scene)) ?? env;
        expect(await type(scene, advice!)).toHaveLength(commands);
        ended.push(finding);
      }
    }

    expect(stillSaid(await doctor(env))).toEqual([]);
  });
});
