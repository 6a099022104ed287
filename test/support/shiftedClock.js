// With TEST_CLOCK_OFFSET_MS every Node.js process of the tests lives at another moment: node loads this file first in each
// of them (NODE_OPTIONS), jest once more into each test file, which has a `Date` of its own. `npm test` sets both from
// TEST_NOW. Programs that are not Node.js, such as the Pulumi CLI, stay at the present.
const { ChildProcess } = require("node:child_process");

const offset = Number(process.env.TEST_CLOCK_OFFSET_MS ?? 0);

if (offset !== 0) {
  const present = Date.now;
  const now = () => present() + offset;
  const ShiftedDate = new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
    apply: () => new ShiftedDate().toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  Date.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
}

// A test that gives a process an environment of its own need not think of this.
const start = ChildProcess.prototype.spawn;
if (offset !== 0 && start.name !== "spawnShifted")
  ChildProcess.prototype.spawn = function spawnShifted(options) {
    const kept = ["TEST_CLOCK_OFFSET_MS", "NODE_OPTIONS", "TZ"]
      .filter(
        (name) => process.env[name] !== undefined && !options.envPairs?.some((pair) => pair.startsWith(`${name}=`)),
      )
      .map((name) => `${name}=${process.env[name]}`);
    return start.call(this, { ...options, envPairs: [...(options.envPairs ?? []), ...kept] });
  };
