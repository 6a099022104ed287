import { AiStudioAccess } from "./components";
import { exportsOf } from "./stacks/exports";
import { readSettings } from "./stacks/settings";

const access = Object.entries(readSettings().apps).map(([name, settings]) => {
  const { model: _, ...args } = settings;
  return exportsOf(name, new AiStudioAccess(name, args), settings);
});

export = Object.assign({}, ...access) as object;
