// Starts programs for tests from a small process of its own. The system copies the memory tables of the process that starts
// another one, and those of a worker of jest are large: 20 ms of its time for each start.
const { fork, spawn } = require("node:child_process");

/** The process that starts programs for all files of tests of this worker. It ends with the worker. */
let starter;
const running = new Map();
let last = 0;

/**
 * Runs a program to its end. `say(stream, text)` gets its output as it comes. Resolves to `{ code, stdout, stderr }`: the code
 * is null if a signal has ended the program, and undefined if it cannot start. `interrupt`, once raised, is Ctrl-C to it.
 */
function startElsewhere(file, args, { cwd, env, say, interrupt }) {
  starter ??= startStarter();
  const id = ++last;
  return new Promise((resolve) => {
    running.set(id, { say, resolve, said: { stdout: "", stderr: "" } });
    starter.send({ id, file, args, cwd, env });
    interrupt?.addEventListener("abort", () => starter.send({ id, signal: "SIGINT" }), { once: true });
  });
}

startElsewhere.pid = () => starter?.pid;

function startStarter() {
  const child = fork(module.filename);
  child.on("message", ({ id, stream, text, ended }) => {
    const { say, resolve, said } = running.get(id);
    if (!ended) {
      said[stream] += text;
      return say?.(stream, text);
    }
    running.delete(id);
    resolve({ ...ended, ...said });
  });
  child.unref();
  child.channel.unref();
  return child;
}

function serve() {
  const children = new Map();
  const end = (id, ended) => children.delete(id) && process.send({ id, ended });
  process.on("disconnect", () => process.exit());
  process.on("message", ({ id, signal, file, args, cwd, env }) => {
    if (signal) return children.get(id)?.kill(signal);
    const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    children.set(id, child);
    for (const stream of ["stdout", "stderr"])
      child[stream].setEncoding("utf8").on("data", (text) => process.send({ id, stream, text }));
    child.on("error", () => end(id, {}));
    child.on("close", (code) => end(id, { code }));
  });
}

if (require.main === module) serve();
else module.exports = { startElsewhere };
