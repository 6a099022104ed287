// Starts programs for tests from a small process of its own. The system copies the memory tables of the process that starts
// another one, and those of a worker of jest are large: 20 ms of its time for each start.
const { fork, spawn } = require("node:child_process");

/** The process that starts programs for all files of tests of this worker. It ends with the worker. */
let starter;
const running = new Map();
let last = 0;

/**
 * Runs a program to its end. `say(stream, text)` gets its output, `stdout` or `stderr`. Resolves to `{ code, signal }`, or to
 * `{ error }` if the program cannot start. `interrupt`, once raised, is Ctrl-C to it.
 */
function startElsewhere(file, args, { cwd, env, say, interrupt }) {
  starter ??= startStarter();
  const id = ++last;
  return new Promise((resolve) => {
    running.set(id, { say, resolve });
    starter.send({ id, file, args, cwd, env });
    interrupt?.addEventListener("abort", () => starter.send({ id, signal: "SIGINT" }), { once: true });
  });
}

startElsewhere.pid = () => starter?.pid;

function startStarter() {
  const child = fork(module.filename);
  child.on("message", ({ id, stream, text, ended }) => {
    if (!ended) return running.get(id).say(stream, text);
    running.get(id).resolve(ended);
    running.delete(id);
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
    child.on("error", (error) => end(id, { error: error.message }));
    child.on("close", (code, killed) => end(id, { code, signal: killed }));
  });
}

if (require.main === module) serve();
else module.exports = { startElsewhere };
