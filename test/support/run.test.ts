import { run, runElsewhere } from "./run";

const env = { PATH: process.env.PATH };

describe("running a program from a test", () => {
  it("answers the code and all that it said, first its output", async () => {
    const script = 'console.error("trouble"); console.log("näher"); process.exitCode = 3;';

    expect(await run(process.execPath, ["-e", script], { env })).toEqual({ code: 3, output: "näher\ntrouble\n" });
  });

  it("answers code 1 where the program does not exist", async () => {
    expect(await run("no-such-program", [], { env })).toEqual({ code: 1, output: "" });
  });

  it("interrupts it as Ctrl-C does", async () => {
    const ctrlC = new AbortController();
    const script = 'process.on("SIGINT", () => process.exit(7)); console.log("ready"); setInterval(() => {}, 1000);';
    const say = () => ctrlC.abort();

    expect(await runElsewhere(process.execPath, ["-e", script], { env, say, interrupt: ctrlC.signal })).toMatchObject({
      code: 7,
    });
  });
});
