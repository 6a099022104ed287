const { createInterface } = require("node:readline");

/** What the cloud refused: its status and its words. */
class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Does as it is asked: one JSON request a line on stdin, one JSON answer a line on stdout. */
async function serve(run) {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await run(JSON.parse(line)).then(
      (value) => ({ answer: value ?? null }),
      (error) =>
        error instanceof Refused
          ? { refused: { code: error.code, message: error.message } }
          : { failed: error.stack ?? String(error) },
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

module.exports = { Refused, serve };
