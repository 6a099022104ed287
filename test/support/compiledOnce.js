const vm = require("node:vm");

const { compileFunction } = vm;
const compiled = new Map();

/**
 * Compiles each module once in this worker. Jest compiles it again for each file of tests that loads it, which takes a tenth of
 * a worker's time. Modules with a dynamic `import()` stay as they are: what they import belongs to one file of tests.
 */
function compileOnce() {
  vm.compileFunction = (source, names, options) => {
    if (source.includes("import(")) return compileFunction(source, names, options);
    return scriptOf(source, names, options.filename).runInContext(options.parsingContext);
  };
}

function scriptOf(source, names, filename) {
  const known = compiled.get(filename);
  if (known?.source === source) return known.script;
  const head = `(function (${names}) {`;
  const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  compiled.set(filename, { source, script });
  return script;
}

module.exports = { compileOnce };
